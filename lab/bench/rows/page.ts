import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { buildPage } from '../../../operator/ui/server/build-page.ts';
import { serveUi } from '../../../operator/ui/server/serve.ts';
import { launch } from '../../browser/chromium.ts';
import { scrolling, standingStill, type Watched, watchFrames } from '../page/frames.ts';
import { madeUpDesk } from '../page/made-up-desk.ts';
import { servePlainTable } from '../page/plain-table.ts';
import type { Findings, Row } from '../row.ts';
import { median, percentile } from '../statistics.ts';

const PIPELINES = 5_000;
const STARTS = 5;
const WATCH_SECONDS = 10;
/** Four rows a frame: all 5,000 in some twenty seconds. */
const SCROLL_PX = 152;
const SCHEMA = fileURLToPath(new URL('../../../resources/config-record.schema.json', import.meta.url));
/** Of a display that draws 60 times a second. */
const FRAME_MS = 1000 / 60;
/** Longer ones are felt. https://web.dev/articles/optimize-long-tasks */
const LONG_TASK_MS = 50;
const FIRST_ROWS_MS = 1000;
const PATIENCE_MS = 60_000;

interface Case {
  readonly what: string;
  readonly drawn: number;
  readonly firstRowsMs: readonly number[];
  readonly scrolled: Watched;
  readonly still: Watched;
}

/** The overview with thousands of rows. */
export const overviewPage: Row = {
  name: 'page',
  title: 'The page with 5,000 pipelines',
  compared:
    'The overview of 5,000 pipelines in headless Chromium, served as `npx sluice ui` serves it from a stage that is made up ' +
    'and in which each look at a queue finds something else. The page draws the rows in sight and some around them; beside ' +
    'it all 5,000 rows with the same cells in one plain table of HTML, without a framework, in which a script writes 50 rows ' +
    'anew each two seconds, as many as the page is told of. *Scrolling* is four rows a frame, *still* is looking at what ' +
    'changes, both for ten seconds. Script and main thread are those of a frame, by Chromium’s own trace.',
  async run(say) {
    const browser = await launch();
    try {
      const schema = await readFile(SCHEMA, 'utf8');
      say('  the page …');
      const ours = await measure(
        browser,
        'page',
        await serveUi(madeUpDesk(PIPELINES), await buildPage(), schema),
      );
      say('  a plain table …');
      const plain = await measure(browser, 'plain table', await servePlainTable(madeUpDesk(PIPELINES)));
      return findings(ours, plain);
    } finally {
      await browser.close();
    }
  },
};

/** What is served, and ended afterwards. */
interface Served {
  readonly url: string;
  close(): Promise<void>;
}

async function measure(browser: Browser, what: string, server: Served): Promise<Case> {
  try {
    const firstRowsMs = [];
    for (let left = STARTS; left > 0; left -= 1) {
      const opened = await open(browser, server.url);
      firstRowsMs.push(opened.firstRowsMs);
      await opened.shown.close();
    }
    const { shown } = await open(browser, server.url);
    // Its first looks at queues are over, and its script has been compiled.
    await shown.evaluate(scrolling(SCROLL_PX, 4));
    const scrolled = await watchFrames(browser, shown, scrolling(SCROLL_PX, WATCH_SECONDS));
    await shown.evaluate('scrollTo(0, 0)');
    const still = await watchFrames(browser, shown, standingStill(WATCH_SECONDS));
    const drawn = await shown.locator('.rows .row').count();
    await shown.close();
    return { what, drawn, firstRowsMs, scrolled, still };
  } finally {
    await server.close();
  }
}

/** When the frame after the one that has brought the first rows begins, since the page was asked for. */
async function open(browser: Browser, url: string) {
  const shown = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  shown.setDefaultTimeout(PATIENCE_MS);
  await shown.addInitScript(`{
    const observer = new MutationObserver(() => {
      if (!document.querySelector('.rows a')) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window.firstRowsMs = performance.now(); }));
    });
    observer.observe(document, { childList: true, subtree: true });
  }`);
  await shown.goto(url);
  await shown.locator('.rows a').first().waitFor();
  const firstRowsMs = await shown.evaluate(
    `new Promise((resolve) => { const ask = () => window.firstRowsMs ? resolve(window.firstRowsMs) : setTimeout(ask, 10); ask(); })`,
  );
  return { shown, firstRowsMs: Number(firstRowsMs) };
}

function findings(ours: Case, plain: Case): Findings {
  const p50 = (values: readonly number[]) => percentile(values, 0.5);
  const p95 = (values: readonly number[]) => percentile(values, 0.95);
  const pair = (values: readonly number[]) => `${p50(values).toFixed(1)} / ${p95(values).toFixed(1)} ms`;
  const busyShare = ({ busyMs, seconds }: Watched) =>
    busyMs.reduce((sum, ms) => sum + ms, 0) / (seconds * 1000);
  const longest = ({ tasksMs }: Watched) => Math.max(...tasksMs);
  const late = ({ intervalsMs }: Watched) =>
    intervalsMs.filter((ms) => ms > 1.5 * FRAME_MS).length / intervalsMs.length;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const times = (of: (one: Case) => number) => `${(of(plain) / of(ours)).toFixed(1)}×`;
  const line = (name: string, text: (one: Case) => string, ratio: (one: Case) => number) => [
    name,
    text(ours),
    text(plain),
    times(ratio),
  ];
  return {
    tables: [
      {
        columns: ['', ours.what, plain.what, 'plain ÷ page'],
        lines: [
          line(
            'rows drawn',
            ({ drawn }) => drawn.toLocaleString('en-US'),
            ({ drawn }) => drawn,
          ),
          line(
            'first rows, median',
            ({ firstRowsMs }) => `${median(firstRowsMs).toFixed(0)} ms`,
            ({ firstRowsMs }) => median(firstRowsMs),
          ),
          line(
            'scrolling: between frames, p50 / p95',
            ({ scrolled }) => pair(scrolled.intervalsMs),
            ({ scrolled }) => p95(scrolled.intervalsMs),
          ),
          line(
            'scrolling: script of a frame, p50 / p95',
            ({ scrolled }) => pair(scrolled.scriptMs),
            ({ scrolled }) => p95(scrolled.scriptMs),
          ),
          line(
            'scrolling: main thread of a frame, p50 / p95',
            ({ scrolled }) => pair(scrolled.busyMs),
            ({ scrolled }) => p95(scrolled.busyMs),
          ),
          line(
            'scrolling: longest at a stretch',
            ({ scrolled }) => `${longest(scrolled).toFixed(0)} ms`,
            ({ scrolled }) => longest(scrolled),
          ),
          line(
            'still: main thread busy',
            ({ still }) => percent(busyShare(still)),
            ({ still }) => busyShare(still),
          ),
          line(
            'still: longest at a stretch',
            ({ still }) => `${longest(still).toFixed(0)} ms`,
            ({ still }) => longest(still),
          ),
        ],
      },
    ],
    notes: [
      `Frames later than one and a half of a display’s ${FRAME_MS.toFixed(1)} ms, scrolling: ${percent(late(ours.scrolled))} of ` +
        `${ours.scrolled.intervalsMs.length} of the page, ${percent(late(plain.scrolled))} of ` +
        `${plain.scrolled.intervalsMs.length} of the plain table. Ratios of two figures are those of p95.`,
      `First rows are those of ${STARTS} starts, each in a tab of its own, from asking for the page to the frame after the one that ` +
        'brings them. Headless Chromium draws without a graphics card: what pixels cost is not in the main thread’s time.',
    ],
    goals: [
      goal('p95 between frames while scrolling', p95(ours.scrolled.intervalsMs), 1.5 * FRAME_MS),
      goal('p95 of the main thread’s time for a frame while scrolling', p95(ours.scrolled.busyMs), FRAME_MS),
      goal('no more at a stretch while live updates come in', longest(ours.still), LONG_TASK_MS),
      goal('first rows', median(ours.firstRowsMs), FIRST_ROWS_MS),
    ],
  };
}

function goal(what: string, measuredMs: number, mostMs: number) {
  const most = mostMs >= 100 ? mostMs.toFixed(0) : mostMs.toFixed(1).replace(/\.0$/, '');
  return {
    goal: `${what}: ${most} ms at most`,
    measured: `${measuredMs.toFixed(1)} ms`,
    met: measuredMs <= mostMs,
  };
}
