import { readFile } from 'node:fs/promises';
import { rememberLooks } from '../desk/remember-looks.ts';
import type { Desk } from '../views/desk.ts';
import { buildPage } from './server/build-page.ts';
import { serveUi, type UiServer } from './server/serve.ts';

const schemaFile = new URL('../../resources/config-record.schema.json', import.meta.url);

/**
 * Packs the page and serves it to this machine.
 * @param port 0 for one that is free
 */
export async function startUi(desk: Desk, port = 0): Promise<UiServer> {
  const [assets, schema] = await Promise.all([buildPage(), readFile(schemaFile, 'utf8')]);
  return serveUi(rememberLooks(desk), assets, schema, port);
}
