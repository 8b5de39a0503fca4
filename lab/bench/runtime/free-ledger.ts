import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What the runtime asks DynamoDB for, as far as it is looked at here. */
interface Asked {
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

/**
 * Stands for DynamoDB, on this machine: a ledger whose next start is always the one that is asked for, and no hold.
 * @param use is given the endpoint
 */
export async function withFreeLedger<T>(use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(async (request, response) => {
    const { ExpressionAttributeValues = {} } = (await json(request)) as Asked;
    const earliest = ExpressionAttributeValues[':earliest'];
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(earliest === undefined ? {} : { Attributes: { nextMs: earliest } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
