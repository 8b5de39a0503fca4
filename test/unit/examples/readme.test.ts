import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function blocks(path: string): string[] {
  return [...read(path).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');
}

describe('the READMEs', () => {
  it('of process-document shows the code that is there', () => {
    const [code] = blocks('examples/process-document/README.md');
    expect(code).toBeTruthy();
    expect(read('examples/process-document/handler.ts')).toContain(code);
  });

  it('of the consumer shows a handler that works as it says', async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/gone' ? 404 : 200;
      response.end('twelve bytes');
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [code] = blocks('consumer/README.md');
    const program = `${code}
      const record = (messageId: string, url: string) => ({
        messageId, body: JSON.stringify({ url }), eventSourceARN: 'arn:aws:sqs:r:1:q',
        attributes: { ApproximateReceiveCount: '1' },
      });
      const Records = [record('m1', '${page}/there'), record('m2', '${page}/gone')];
      const invocation = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 10_000 };
      console.log(JSON.stringify(await handler({ Records } as never, invocation)));`;
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module-typescript', '--no-warnings', '--eval', program],
        { cwd: join(root, 'examples/process-document') },
      );
      expect(stdout).toContain('"message":"page read","pipelineId":"q"');
      expect(stdout).toContain('"bytes":12');
      expect(stdout).toContain('/gone answered 404');
      expect(stdout).toContain('{"batchItemFailures":[{"itemIdentifier":"m2"}]}');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
