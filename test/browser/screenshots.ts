/**
 * `node test/browser/screenshots.ts [folder]`: pictures of each screen of the page, light, dark and narrow, of a stage that is made up.
 * Without a folder those that the documents show are written to docs/images/.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { findChromium, launch } from '../../lab/browser/chromium.ts';
import { smaller } from '../../lab/browser/png.ts';
import { startUi } from '../../operator/ui/start.ts';
import { createFakeDesk } from '../unit/operator/ui/fake-desk.ts';

interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colours: 'light' | 'dark';
}

const LIGHT: Look = { name: '', width: 1280, height: 660, colours: 'light' };
const LOOKS: readonly Look[] = [
  LIGHT,
  { ...LIGHT, name: '-dark', colours: 'dark' },
  { name: '-narrow', width: 380, height: 780, colours: 'light' },
];

const SCREENS: Readonly<Record<string, string>> = {
  overview: '#/',
  pipeline: '#/pipelines/blue-harbour-crawl',
  record: '#/pipelines/blue-harbour-crawl/record',
  'dead-letters': '#/pipelines/dovetail-crawl/dead-letters',
  bursts: '#/bursts',
  rollouts: '#/rollouts',
  events: '#/events',
};
const DOCUMENTED = ['overview', 'pipeline', 'bursts', 'record'];
/** And this one dark, too. */
const DOCUMENTED_DARK = ['overview'];
/** Long enough for sparklines to have a shape. */
const SETTLE_MS = 1_200;

async function main([folder]: readonly string[]): Promise<void> {
  const executable = findChromium();
  if (executable === undefined)
    throw new Error('there is no Chromium here: install it, or name it in CHROMIUM');
  const to = folder ?? fileURLToPath(new URL('../../docs/images/', import.meta.url));
  await mkdir(to, { recursive: true });
  const server = await startUi(createFakeDesk());
  const browser = await launch(executable);
  try {
    for (const look of folder === undefined ? LOOKS.slice(0, 2) : LOOKS) {
      const documented = look.colours === 'dark' ? DOCUMENTED_DARK : DOCUMENTED;
      const screens = folder === undefined ? documented : Object.keys(SCREENS);
      await take(browser, server.url, look, screens, to);
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

async function take(
  browser: Browser,
  url: string,
  look: Look,
  screens: readonly string[],
  to: string,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.colours,
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') process.stderr.write(`${message.text()}\n`);
  });
  page.on('pageerror', (error) => process.stderr.write(`${error.stack}\n`));
  await page.goto(url);
  await page.waitForSelector('.rows a');
  await page.waitForTimeout(25 * SETTLE_MS);
  for (const screen of screens) {
    await page.evaluate(`location.hash = ${JSON.stringify(SCREENS[screen] ?? '#/')}`);
    await page.waitForTimeout(2 * SETTLE_MS);
    await writeFile(`${to}/page-${screen}${look.name}.png`, smaller(await page.screenshot()));
  }
  await context.close();
}

await main(process.argv.slice(2));
