import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Connection } from '../../aws/clients.ts';

/** The name of the one that `npm start` brings up. */
export const LOCAL_STAGE = 'local';

/** Where it says how it is reached, while it is up. */
const STATE_FILE = fileURLToPath(new URL('../../.local/state.json', import.meta.url));

const stateSchema = z.object({
  endpoint: z.url(),
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
});

/** The local stage, if it is up: what it says is not believed until it answers. */
export async function findLocalStage(file = STATE_FILE): Promise<Connection | undefined> {
  const text = await readFile(file, 'utf8').catch(() => 'null');
  const { data: connection } = stateSchema.safeParse(jsonOf(text));
  if (connection === undefined || !(await answers(connection.endpoint))) return undefined;
  return connection;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
}
