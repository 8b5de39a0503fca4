import { describe, expect, it } from '@jest/globals';
import type { Log, Ports } from '../../../../aws/ports.ts';
import { pipelineNames } from '../../../../core/names.ts';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { reconcile } from '../../../../functions/reconciler/reconcile.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { mappingSpec } from '../../../simulation/world/pipelines.ts';
import { run, stageWith } from '../simulated-stage.ts';

const NAMES = pipelineNames(STAGE, 'p');
const NOTHING = { orphans: [], warnings: [] };

/** One tick, and what it warned of. */
async function tick(world: World, change = (ports: Ports) => ports) {
  const warnings: unknown[] = [];
  const log: Log = { info: () => {}, warn: (message, data) => warnings.push([message, data]) };
  const done = await run(world, (ports, deadlineMs) => reconcile(ports, world.settings, deadlineMs), {
    ports: (ports) => change({ ...ports, log }),
    seconds: 55,
  });
  return { ...done, warnings };
}

/** Feeds a function from a queue of the same person's, by hand, and waits until it does. */
async function feedByHand(world: World, functionName: string): Promise<string> {
  const spec = { name: 'by-hand', visibilityTimeoutSeconds: 43_200, messageRetentionSeconds: 60, tags: {} };
  world.queues.create(spec);
  const queueArn = world.queues.byName.get(spec.name)?.arn ?? '';
  const made = world.mappings.create(mappingSpec(functionName, queueArn));
  if (made.kind !== 'created') throw new Error(made.kind);
  await world.pass(15);
  return made.mapping.id;
}

function statusOf(world: World): StatusRecord {
  const status = world.statuses.read('p');
  if (status === undefined) throw new Error('no status');
  return status;
}

/** Has the status say that nothing is left, while everything is. */
function forget(world: World): void {
  const { pipelineId, revision, fence, updatedAt } = statusOf(world);
  world.statuses.write({
    pipelineId,
    revision,
    fence,
    updatedAt,
    phase: 'Deleted',
    built: false,
    dirty: false,
  });
}

describe('a tick over all mappings', () => {
  it('finds nothing where every mapping of ours is the one that its status names', async () => {
    const world = await stageWith({ pipelineId: 'p' }, { pipelineId: 'paused', paused: true });
    expect(await tick(world)).toMatchObject({ looked: 2, ...NOTHING });
    expect(world.metrics.get('Orphans')).toBe(0);
  });

  it('reports a mapping of ours that no status names, and leaves it alone', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    const id = await feedByHand(world, NAMES.function);
    const { orphans, started, warnings } = await tick(world);
    expect(orphans).toEqual([id]);
    expect(warnings).toEqual([['orphan', { name: id, pipelineId: 'p' }]]);
    expect(world.metrics.get('Orphans')).toBe(1);
    expect(started).toEqual({ missed: 0, deadWriter: 0, retry: 0, drift: 0, deferred: 0 });
    await world.pass(60);
    expect(world.mappings.read(id)?.state).toBe('Enabled');
  });

  it.each<[string, (status: StatusRecord, nowMs: number) => Partial<StatusRecord>]>([
    [
      'is under way',
      (_, nowMs) => ({ lease: { owner: 'run', untilMs: nowMs + 90_000, busyUntilMs: 0, pending: false } }),
    ],
    [
      'failed and is tried again',
      (_, nowMs) => ({ phase: 'Failed', dirty: true, failures: { count: 1, retryAtMs: nowMs + 90_000 } }),
    ],
    ['has just ended', (_, nowMs) => ({ updatedAt: new Date(nowMs + 5_000).toISOString() })],
  ])('says nothing of a mapping that a run may have made which %s', async (_title, change) => {
    const world = await stageWith({ pipelineId: 'p' });
    await feedByHand(world, NAMES.function);
    const status = statusOf(world);
    world.statuses.write({ ...status, ...change(status, world.nowMs()) });
    expect(await tick(world)).toMatchObject(NOTHING);
  });

  it('says nothing of a mapping that a fresh read of the status names, where the list of statuses is old', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    const page = async () => ({ items: [] });
    const quiet = await tick(world, (ports) => ({
      ...ports,
      statuses: Object.assign(Object.create(ports.statuses), { page }),
    }));
    expect(quiet).toMatchObject(NOTHING);
  });

  it('says nothing of a mapping that is being deleted', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    world.mappings.delete(await feedByHand(world, NAMES.function));
    expect(await tick(world)).toMatchObject(NOTHING);
  });

  it.each(['somebody-elses', NAMES.function])(
    'says nothing of what feeds %s where that is not our function',
    async (name) => {
      const world = await stageWith();
      world.functions.makeForeign(name, { key: 'other.zip', version: 'x' });
      await feedByHand(world, name);
      expect(await tick(world)).toMatchObject(NOTHING);
    },
  );

  it('reports the mapping, too, of a pipeline that no record and no status knows', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    const { eventSourceMappingId } = statusOf(world);
    world.configs.onChange = () => {};
    world.configs.remove('p');
    forget(world);
    const { orphans } = await tick(world);
    expect([...orphans].sort()).toEqual(
      [eventSourceMappingId, NAMES.function, NAMES.queue, NAMES.deadLetterQueue].sort(),
    );
  });

  it('says nothing of the mapping of a pipeline that is to be made anew', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    forget(world);
    const start = async () => 'already' as const;
    const quiet = await tick(world, (ports) => ({ ...ports, executions: { start } }));
    expect(quiet).toMatchObject(NOTHING);
  });

  it('starts a run for a mapping that was changed by hand', async () => {
    const world = await stageWith({ pipelineId: 'p', concurrency: 4 });
    const id = statusOf(world).eventSourceMappingId ?? '';
    world.mappings.change(id, { maximumConcurrency: 9 });
    await world.pass(15);
    expect((await tick(world)).started).toMatchObject({ drift: 1, missed: 0 });
    await world.pass(60);
    expect(world.mappings.read(id)?.maximumConcurrency).toBe(4);
  });
});

describe('a tick over the records', () => {
  it('starts a run for a record whose event was lost', async () => {
    const world = await stageWith({ pipelineId: 'other' });
    world.configs.onChange = () => {};
    world.configs.put('p', { pipelineId: 'p' });
    expect((await tick(world)).started).toMatchObject({ missed: 1, drift: 0 });
    await world.pass(120);
    expect(statusOf(world).phase).toBe('Active');
  });
});
