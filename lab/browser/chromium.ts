import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Linux distributions and CI images put it; `CHROMIUM` names another. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** There is no browser here. */
export class ChromiumMissing extends Error {
  readonly code = 'ChromiumMissing';
  override readonly name = 'ChromiumMissing';

  constructor() {
    super(
      'there is no Chromium here: install it (Debian, Ubuntu: apt install chromium), or name one in CHROMIUM',
    );
  }
}

/** A real browser of this machine, or undefined where there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const places = env.CHROMIUM ? [env.CHROMIUM] : PLACES;
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * A browser with a profile of its own that asks nobody but the page's server.
 * @throws {ChromiumMissing}
 */
export function launch(executablePath = findChromium()): Promise<Browser> {
  if (executablePath === undefined) throw new ChromiumMissing();
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
