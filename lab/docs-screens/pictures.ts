import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Connection } from '../../aws/clients.ts';
import { smaller } from '../browser/png.ts';
import { startPage } from '../local-stage/page.ts';
import { projectRoot } from '../local-stage/paths.ts';

/** How a screen is looked at. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly colours: 'light' | 'dark';
}

export const WIDE: Look = { width: 1280, height: 660, colours: 'light' };
/** Where the pictures of the documents are. */
const FOLDER = join(projectRoot, 'docs/images');
/** Until what is shown has been read, and is drawn. */
const SETTLE_MS = 4_000;
const PATIENCE_MS = 60_000;

/** `npx sluice ui`, and windows of a browser at it. */
export interface Camera {
  /** A window, which goes on living. */
  open(look: Look): Promise<Page>;
  /** Shows a screen in a window, and takes its picture. */
  take(page: Page, name: string, hash: string, prepare?: (page: Page) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function startCamera(browser: Browser, connection: Connection, stage: string): Promise<Camera> {
  const served = startPage({ stage, connection, isOpened: false, isHeard: true });
  const url = await served.url;
  if (url === undefined) throw new Error('sluice ui has told no address');
  return {
    async open({ width, height, colours }) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: colours });
      const page = await context.newPage();
      page.on('pageerror', (error) => process.stderr.write(`${error.stack}\n`));
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(url);
      await page.waitForSelector('.rows a');
      return page;
    },
    async take(page, name, hash, prepare) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await page.locator('main .loading').first().waitFor({ state: 'detached', timeout: PATIENCE_MS });
      await prepare?.(page);
      await page.waitForTimeout(SETTLE_MS);
      await writeFile(join(FOLDER, `page-${name}.png`), smaller(await page.screenshot()));
    },
    async close() {
      await served.end();
    },
  };
}
