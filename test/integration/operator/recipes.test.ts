import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import { eventually } from '../stage/eventually.ts';
import { sharedStage } from '../stage/shared-stage.ts';
import { isSettled, type TestStage } from '../stage/test-stage.ts';
import { type Ran, sluiceAt } from './sluice.ts';

const LONGEST_MS = 120_000;
const CONSUMERS = 'test/integration/stage/consumers';
const codeKey = 'cli-recipes.zip';

let stage: TestStage;
let sluice: (...words: readonly string[]) => Promise<Ran>;
let scratch: string;
let site: Server;
beforeAll(async () => {
  stage = await sharedStage();
  sluice = sluiceAt(stage);
  scratch = await mkdtemp(join(tmpdir(), 'sluice-recipes-'));
  site = createServer((request, response) => {
    response.statusCode = request.url === '/gone' ? 404 : 200;
    response.end('a page');
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
}, 180_000);
afterAll(async () => {
  site?.closeAllConnections();
  site?.close();
  await rm(scratch, { recursive: true, force: true });
});

/** As docs/recipes.md tells it, with the example's own files. */
describe('the recipe of a crawler', () => {
  it(
    'brings code out, adds the sites, and reads pages at their rate',
    async () => {
      const pushed = await sluice('code', 'push', 'examples/crawl', '--key', 'crawl.zip');
      expect(pushed).toMatchObject({ code: 0 });
      expect(await sluice('put', 'examples/crawl/sites.json')).toMatchObject({ code: 0 });
      for (const pipelineId of ['site-a', 'site-b']) await stage.until(pipelineId, isSettled);

      const { port } = site.address() as AddressInfo;
      const urls = ['1', '2', 'gone'].map((page) => ({ url: `http://127.0.0.1:${port}/${page}` }));
      const file = join(scratch, 'urls.jsonl');
      await writeFile(file, urls.map((one) => `${JSON.stringify(one)}\n`).join(''));
      const sent = await sluice('send', 'site-a', '--file', file, '--burst-id', 'crawl-1', '--no-watch');
      expect(sent).toMatchObject({ code: 0 });
      const watched = await sluice('watch', 'crawl-1');
      expect(watched.code).toBe(1);
      expect(watched.out.at(-1)).toContain('2 of 3 done, 1 dead letter');
      expect((await sluice('dlq', 'site-a')).out.join('\n')).toContain('no such page');
    },
    LONGEST_MS,
  );

  it(
    'stops a site by hand, and takes the sites down',
    async () => {
      expect(await sluice('breaker', 'site-b', 'open')).toMatchObject({ code: 0 });
      // It is so once a run has brought it about.
      await eventually(
        () => sluice('why', 'site-*'),
        ({ out }) => out.includes('site-b: its breaker is forced open by its record, 0 tasks waiting'),
        'why says that the breaker is forced',
      );
      expect(await sluice('breaker', 'site-b', 'auto')).toMatchObject({ code: 0 });
      expect(await sluice('rm', 'site-*', '--yes')).toMatchObject({ code: 0 });
      for (const pipelineId of ['site-a', 'site-b']) {
        await stage.until(pipelineId, ({ phase }) => phase === 'Deleted');
      }
    },
    LONGEST_MS,
  );
});

describe('a release that is done, from a terminal', () => {
  it(
    'is taken back and brought out again, and has nothing to resume or abort',
    async () => {
      const push = async (name: string) => {
        const pushed = await sluice('code', 'push', join(CONSUMERS, name), '--key', codeKey, '--json');
        return (pushed.json() as ReleaseRecord[])[0] as ReleaseRecord;
      };
      await push('first');
      const { version, state } = await push('second');
      expect(state).toBe('Done');
      for (const words of [
        ['rollout', 'resume'],
        ['rollout', 'abort', '--yes'],
      ]) {
        expect(await sluice(...words, '--key', codeKey)).toMatchObject({ code: 1, out: [] });
      }
      const back = await sluice(
        'rollout',
        'rollback',
        version,
        '--key',
        codeKey,
        '--reason',
        'tried',
        '--yes',
      );
      expect(back).toMatchObject({ code: 0 });
      const reach = (wanted: string) =>
        eventually(
          () => sluice('rollout', 'show', version, '--key', codeKey, '--json'),
          (shown) => (shown.json()[0] as ReleaseRecord).state === wanted,
          `the release is ${wanted}`,
        );
      await reach('RolledBack');
      expect(await sluice('rollout', 'retry', version.slice(0, 8), '--key', codeKey)).toMatchObject({
        code: 0,
      });
      await reach('Done');
    },
    LONGEST_MS,
  );
});
