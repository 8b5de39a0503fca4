/**
 * `npm run page:made-up -- FOLDER`: pictures of each screen of the page, light, dark and narrow, of a stage that is made up.
 * Those that the documents show are of one that runs: `npm run docs:screens`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { launch } from '../../lab/browser/chromium.ts';
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
/** Long enough for sparklines to have a shape. */
const SETTLE_MS = 1_200;

async function main([folder]: readonly string[]): Promise<void> {
  if (folder === undefined) throw new Error('say into which folder: npm run page:made-up -- FOLDER');
  await mkdir(folder, { recursive: true });
  const browser = await launch();
  const server = await startUi(createFakeDesk());
  try {
    for (const look of LOOKS) await take(browser, server.url, look, folder);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function take(browser: Browser, url: string, look: Look, folder: string): Promise<void> {
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
  for (const [screen, hash] of Object.entries(SCREENS)) {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.waitForTimeout(2 * SETTLE_MS);
    await writeFile(`${folder}/page-${screen}${look.name}.png`, smaller(await page.screenshot()));
  }
  await context.close();
}

await main(process.argv.slice(2));
