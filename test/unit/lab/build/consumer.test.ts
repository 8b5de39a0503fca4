import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { CONSUMER_ENTRY, CONSUMER_HANDLER } from '../../../../core/consumer-code.ts';
import { coldStartFiles } from '../../../../operator/packing/bundle-consumer.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../../..');
const SOURCES = [
  'aws',
  'consumer',
  'core',
  'examples',
  'lab/build',
  'operator/packing',
  'package.json',
  'tsconfig.json',
];

let scratch: string;
const built: Buffer[] = [];

/** A copy of the project in another folder, with other file times, built in another time zone. */
async function buildCopy(folder: string, timeZone: string): Promise<Buffer> {
  await mkdir(join(folder, 'lab'), { recursive: true });
  for (const source of SOURCES) await cp(join(root, source), join(folder, source), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await utimes(join(folder, 'consumer/index.ts'), 1_000_000_000, 1_000_000_000);
  await run(process.execPath, ['lab/build/consumer.ts'], {
    cwd: folder,
    env: { ...process.env, TZ: timeZone },
  });
  return readFile(join(folder, '.build/consumer.zip'));
}

async function unpack(zip: Buffer, folder: string): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sluice-build-'));
  built.push(await buildCopy(join(scratch, 'one'), 'Asia/Tokyo'));
  built.push(await buildCopy(join(scratch, 'some/deeper/two'), 'America/New_York'));
}, 60_000);

afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('build:consumer', () => {
  it('gives the same bytes for the same source, wherever and whenever it is built', () => {
    expect(built[0]?.equals(built[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it('holds the entry of the handler, and names no place of this machine', () => {
    const files = unzipSync(built[0] ?? Buffer.alloc(0));
    expect(CONSUMER_HANDLER).toBe(`${CONSUMER_ENTRY.replace('.mjs', '')}.handler`);
    expect(files[CONSUMER_ENTRY]).toBeDefined();
    for (const content of Object.values(files)) {
      expect(Buffer.from(content).includes(scratch)).toBe(false);
      expect(Buffer.from(content).includes(root)).toBe(false);
    }
  });

  it('loads at most 60 KiB at a cold start, none of it the SDK', () => {
    const loaded = coldStartFiles(new Map(Object.entries(unzipSync(built[0] ?? Buffer.alloc(0)))));
    expect([...loaded.keys()]).toContain(CONSUMER_ENTRY);
    const code = Buffer.concat([...loaded.values()]);
    expect(code.length).toBeLessThanOrEqual(60 * 1024);
    expect(code.toString()).not.toMatch(/GetParameters|UpdateItem|GetQueueUrl|smithy/);
  });

  it('is complete: it runs a task with nothing else installed, and its lazy part loads', async () => {
    const folder = join(scratch, 'unpacked');
    await unpack(built[0] ?? Buffer.alloc(0), folder);
    const program = `
      const { handler } = await import('./${CONSUMER_ENTRY}');
      const invocation = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 10_000 };
      const attributes = { ApproximateReceiveCount: '1' };
      const Records = [{ messageId: 'm1', body: '{"document":1}', eventSourceARN: 'arn:aws:sqs:r:1:q', attributes }];
      console.log(JSON.stringify(await handler({ Records }, invocation)));
      process.env.KEY = 'ssm:/key';
      const fresh = await import('./${CONSUMER_ENTRY}?fresh');
      console.log(await fresh.handler({ Records }, invocation).catch((error) => error.message));
      delete process.env.KEY;
      const messageAttributes = {};
      const failing = { messageId: 'm2', body: '{', eventSourceARN: 'arn:aws:sqs:r:1:q', attributes, messageAttributes };
      console.log(JSON.stringify(await handler({ Records: [failing] }, invocation)));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: folder,
      env: {
        PROCESSING_SECONDS: '0',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
        // Nobody listens on the discard port.
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      },
    });
    expect(stdout).toContain('{"batchItemFailures":[]}');
    expect(stdout).toContain(
      'environment.KEY must be resolvable, got ssm:/key: ssm:GetParameters failed: ECONNREFUSED',
    );
    expect(stdout).toContain('"name":"AwsError","message":"sqs:GetQueueUrl failed: ECONNREFUSED');
    expect(stdout).toContain('{"batchItemFailures":[{"itemIdentifier":"m2"}]}');
  });

  it.each([
    ['nothing but its entry', undefined],
    ['nothing but its entry', '{"pace":{"kind":"slots","holdMs":200}}'],
    ['nothing but its entry, and leaves it to the first call to say what is wrong', '{'],
    ['what its tasks share, too', '{"pace":{"kind":"ledger","spacingMs":102,"toleranceMs":18}}'],
    ['what its tasks share, too', '{"idempotency":{"key":"$","seconds":60}}'],
  ])('has loaded %s before its first call where the limits are %j', async (what, limits) => {
    const folder = join(scratch, 'loaded');
    await unpack(built[0] ?? Buffer.alloc(0), folder);
    const program = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      await import('./${CONSUMER_ENTRY}');
      console.log(loaded.filter((url) => url.endsWith('.mjs')).join(' '));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: folder,
      env: limits === undefined ? {} : { SLUICE_LIMITS: limits },
    });
    const files = await Promise.all(
      stdout
        .trim()
        .split(' ')
        .map((url) => readFile(new URL(url), 'utf8')),
    );
    const hasShared = files.some((text) => text.includes('attribute_not_exists(ticketMs)'));
    expect(hasShared).toBe(what.startsWith('what'));
    if (!hasShared) {
      const cold = coldStartFiles(new Map(Object.entries(unzipSync(built[0] ?? Buffer.alloc(0)))));
      expect(files).toHaveLength(cold.size);
    }
  });

  it('counts as loaded at a cold start what is imported at once, through other chunks too, and nothing else', () => {
    const text = new TextEncoder();
    const files = new Map([
      [
        CONSUMER_ENTRY,
        text.encode('import"./chunk-a.mjs";import{b}from"./chunk-b.mjs";import("./chunk-c.mjs")'),
      ],
      ['chunk-a.mjs', text.encode('1')],
      ['chunk-b.mjs', text.encode('import*as d from"./chunk-d.mjs"')],
      ['chunk-c.mjs', text.encode('3')],
      ['chunk-d.mjs', text.encode('import"./chunk-b.mjs"')],
    ]);
    const loaded = ['chunk-a.mjs', 'chunk-b.mjs', 'chunk-d.mjs'];
    expect([...coldStartFiles(files).keys()]).toEqual([CONSUMER_ENTRY, ...loaded]);
  });

  it('says what a folder must hold if it holds no handler', async () => {
    const attempt = run(process.execPath, ['lab/build/consumer.ts', 'docs'], { cwd: root });
    await expect(attempt).rejects.toThrow('docs must hold one of handler.ts');
  });
});
