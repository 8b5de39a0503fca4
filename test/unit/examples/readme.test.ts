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
    const stdout = await consume(0, ['200', '404']);
    expect(stdout).toContain('"message":"page read","pipelineId":"q"');
    expect(stdout).toContain('"bytes":12');
    expect(stdout).toContain('/404 answered 404');
    expect(stdout).toContain('{"batchItemFailures":[{"itemIdentifier":"m404"}]}');
  });

  it('of the consumer shows one that decides its tasks’ fates itself', async () => {
    const stdout = await consume(1, ['200', '404', '410', '425', '500']);
    const outcomes = [...stdout.matchAll(/"outcome":"(\w+)"/g)].map(([, outcome]) => outcome);
    expect(outcomes).toEqual(['returned', 'gaveUp', 'dropped', 'postponed', 'threw']);
    expect(stdout).toContain('"reason":"the page is gone for good"');
    // There is no dead-letter queue here: what cannot be sent there comes back.
    const failures = ['m404', 'm425', 'm500'].map((itemIdentifier) => ({ itemIdentifier }));
    expect(stdout).toContain(JSON.stringify({ batchItemFailures: failures }));
  });

  it('of the consumer shows one whose group waits where the other side refuses', async () => {
    const stdout = await consume(2, ['200', '429', '500'], 2_000);
    const outcomes = linesOf(stdout, 'task').map(({ outcome, fate }) => [outcome, fate]);
    expect(outcomes).toEqual([
      ['returned', 'done'],
      ['throttled', 'giveBack'],
      ['held', 'giveBack'],
    ]);
    expect(linesOf(stdout, 'task')[2]?.afterSeconds).toBeGreaterThan(3_500);
  });

  it.each(['task', 'metrics'])('of the consumer shows a line of “%s” as it is written', async (sluice) => {
    const samples = [...read('consumer/README.md').matchAll(/```json\n([\s\S]*?)```/g)];
    const sample = samples.map(([, json = '']) => JSON.parse(json)).find((one) => one.sluice === sluice);
    const [line] = linesOf(await consume(0, ['200']), sluice);
    expect(shapeOf(line)).toEqual(shapeOf(sample));
  });
});

type Line = Readonly<Record<string, unknown>>;

function linesOf(stdout: string, sluice: string): Line[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line): Line => JSON.parse(line)).filter((line) => line.sluice === sluice);
}

/** Its keys at every depth, in their order, and the texts of what does not change. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, one]) => [
    key,
    key === 'Name' || key === 'Unit' ? one : shapeOf(one),
  ]);
}

/** Runs the consumer of a code block on a page for each status. @returns what it logged and answered */
async function consume(block: number, statuses: readonly string[], callMs = 10_000): Promise<string> {
  const server = createServer((request, response) => {
    response.statusCode = Number(request.url?.slice(1));
    if (response.statusCode === 429) response.setHeader('retry-after', '3600');
    response.end('twelve bytes');
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const records = statuses.map((status) => ({
    messageId: `m${status}`,
    body: JSON.stringify({ url: `${site}/${status}` }),
    eventSourceARN: 'arn:aws:sqs:r:1:q',
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
  }));
  const program = `${blocks('consumer/README.md')[block]}
    const invocation = { awsRequestId: 'r1', getRemainingTimeInMillis: () => ${callMs} };
    console.log(JSON.stringify(await handler(${JSON.stringify({ Records: records })} as never, invocation)));`;
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '--no-warnings', '--eval', program],
      { cwd: join(root, 'examples/process-document'), env: NOWHERE },
    );
    return stdout;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Nobody listens on the discard port. */
const NOWHERE = {
  SLUICE_STAGE: 'prod',
  SLUICE_PIPELINE_ID: 'q',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
};
