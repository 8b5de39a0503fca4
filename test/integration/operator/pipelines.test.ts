import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../operator/desk/doctor/finding.ts';
import type { StagePlan } from '../../../operator/desk/read-plan.ts';
import type {
  Overview,
  PipelineRow,
  PipelineView,
  RecordCheck,
  StageEvent,
} from '../../../operator/views/pipelines.ts';
import { sharedStage } from '../stage/shared-stage.ts';
import { isSettled, type TestStage } from '../stage/test-stage.ts';
import { type Ran, sluiceAt } from './sluice.ts';

const pipelineId = 'cli-one';
const record = {
  pipelineId,
  concurrency: 2,
  timeoutSeconds: 3,
  breaker: {},
  environment: { KEY: 'hush' },
};

/** Each call is a process of its own, on a machine that others use, too. */
const LONGEST_MS = 120_000;

let stage: TestStage;
let sluice: (...words: readonly string[]) => Promise<Ran>;
let file: string;
let folder: string;
beforeAll(async () => {
  stage = await sharedStage();
  sluice = sluiceAt(stage);
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  file = join(folder, 'record.json');
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The one JSON document that a command prints. */
async function asked<T>(...words: readonly string[]): Promise<T> {
  const ran = await sluice(...words, '--json');
  expect({ code: ran.code, lines: ran.out.length, said: ran.code === 0 ? '' : ran.said }).toEqual({
    code: 0,
    lines: 1,
    said: '',
  });
  return ran.json()[0] as T;
}

const put = async (next: object) => {
  await writeFile(file, JSON.stringify(next));
  const [answer] = await asked<(RecordCheck & { readonly isWritten: boolean })[]>('put', file);
  return answer;
};

/** One test after another: the life of one pipeline. */
describe('from a terminal, a pipeline', () => {
  it(
    'is added by a record, and one that is not valid is refused with all that is wrong',
    async () => {
      await writeFile(file, JSON.stringify({ ...record, concurrency: 0, colour: 'red' }));
      const refused = await sluice('put', file);
      expect(refused.code).toBe(2);
      expect(refused.out.join('\n')).toMatch(/colour is not a known field.*concurrency must be an integer/s);
      expect(await stage.ports.configs.read(pipelineId)).toBeUndefined();

      expect(await put(record)).toMatchObject({ problems: [], isWritten: true });
      expect(await stage.ports.configs.read(pipelineId)).toEqual(record);
      await stage.until(pipelineId, isSettled);
    },
    LONGEST_MS,
  );

  it(
    'is listed and shown, and no value of its environment is',
    async () => {
      const { rows } = await asked<Overview>('ls', 'cli-o*');
      expect(rows).toMatchObject([
        { pipelineId, phase: 'Active', concurrency: 2, look: { waiting: 0 }, says: 'idle' },
      ]);
      const view = await asked<PipelineView>('show', pipelineId);
      expect(JSON.stringify(view)).not.toContain('hush');
      expect(view.row.verdict.kind).toBe('idle');
      expect((await sluice('show', pipelineId)).out[0]).toBe(`${pipelineId}  Active`);
    },
    LONGEST_MS,
  );

  it(
    'is changed by what `show` has printed: masks keep the values that stand there',
    async () => {
      const masked = (await asked<PipelineView>('show', pipelineId)).record;
      const answer = await put({ ...masked, maxAttempts: 2 });
      expect(answer?.changes).toEqual([{ path: 'maxAttempts', to: 2 }]);
      expect(await stage.ports.configs.read(pipelineId)).toEqual({ ...record, maxAttempts: 2 });
    },
    LONGEST_MS,
  );

  it(
    'is paused and resumed, and says why it waits meanwhile',
    async () => {
      await asked('pause', pipelineId);
      await stage.until(pipelineId, ({ phase, lease }) => phase === 'Paused' && lease === undefined);
      await stage.sendTasks(pipelineId, 3);
      const [why] = await asked<Pick<PipelineRow, 'verdict' | 'says' | 'remedy'>[]>('why', pipelineId);
      expect(why).toMatchObject({
        verdict: { kind: 'paused', waiting: 3 },
        says: 'paused by its record, 3 tasks waiting',
        remedy: { field: 'paused' },
      });
      const { drain } = await asked<StagePlan>('plan');
      expect(drain).toBeDefined();
      const sinceMs = Date.now();
      await asked('resume', pipelineId);
      await stage.done(pipelineId, 3, sinceMs);
    },
    LONGEST_MS,
  );

  it(
    'has a history that tells what each change has changed',
    async () => {
      const ran = await sluice('events', pipelineId, '--since', '10m', '--json');
      const changes = (ran.json() as StageEvent[]).flatMap((event) => event.changes ?? []);
      expect(changes).toContainEqual({ path: 'timeoutSeconds', to: 3 });
      expect(changes).toContainEqual({ path: 'maxAttempts', from: 5, to: 2 });
      expect(changes).toContainEqual({ path: 'paused', from: false, to: true });
      expect(changes).toContainEqual({ path: 'environment.KEY', says: 'added' });
      expect(ran.out.join('')).not.toContain('hush');
    },
    LONGEST_MS,
  );

  it(
    'has its breaker forced open and freed',
    async () => {
      await asked('breaker', pipelineId, 'open');
      await stage.until(
        pipelineId,
        (status) => status.applied?.wanted.breaker?.force === 'open' && isSettled(status),
      );
      const [why] = await asked<PipelineRow[]>('why', pipelineId);
      expect(why?.verdict.kind).toBe('forcedOpen');
      await asked('breaker', pipelineId, 'auto');
      expect((await stage.ports.configs.read(pipelineId))?.breaker).toEqual({});
    },
    LONGEST_MS,
  );

  it(
    'is purged and removed only on a yes, and then goes',
    async () => {
      expect(await asked('purge', pipelineId, '--yes')).toEqual({ pipelineId, deleted: 0 });
      const refused = await sluice('rm', pipelineId);
      expect(refused.code).toBe(2);
      expect(refused.said).toContain('--yes');
      await asked('rm', pipelineId, '--yes');
      await stage.until(pipelineId, ({ phase }) => phase === 'Deleted');
      const { rows } = await asked<Overview>('ls', '--phase', 'Deleted', pipelineId);
      expect(rows).toMatchObject([{ pipelineId, verdict: { kind: 'deleted' } }]);
    },
    LONGEST_MS,
  );
});

describe('from a terminal, the stage', () => {
  it(
    'is looked at without anything being changed',
    async () => {
      const ran = await sluice('doctor', '--json');
      const findings = ran.json()[0] as Finding[];
      // What other tests have left in their queues is none of this one's.
      expect(ran.code).toBe(findings.every(({ isWell }) => isWell) ? 0 : 1);
      const wells = findings.filter(({ isWell }) => isWell).map(({ about }) => about);
      expect(wells).toEqual(expect.arrayContaining(['stage', 'permissions', 'reservable', 'code storage']));
      expect(await stage.ports.configs.read('nobody')).toBeUndefined();
    },
    LONGEST_MS,
  );
});
