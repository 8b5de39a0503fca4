import { describe, expect, it } from '@jest/globals';
import type { Ports, QueueCounts } from '../../../../aws/ports.ts';
import type { StageResources } from '../../../../aws/stage-resources.ts';
import { partsIdOf } from '../../../../core/burst/place.ts';
import type { BurstRecord } from '../../../../core/burst/record.ts';
import {
  ownerTags,
  pipelineIdOf,
  pipelineNames,
  trialFunction,
  trialPrefix,
  trialTags,
} from '../../../../core/names.ts';
import { newStatus, type StatusRecord } from '../../../../core/status-record.ts';
import { SimulatedBursts } from '../../../../lab/simulator/world/bursts.ts';
import { type Removal, removePipelines } from '../../../../operator/serverless-plugin/remove-pipelines.ts';

const STAGE = 'dev';

/** A stage in memory whose lifecycle takes a pipeline down one poll after its record went, unless it is stuck. */
class World {
  nowMs = 0;
  readonly records = new Map<string, Record<string, unknown>>();
  readonly statuses = new Map<string, StatusRecord>();
  readonly queues = new Map<string, number>();
  readonly functions = new Set<string>();
  readonly foreign = new Set<string>();
  readonly salvage = new Map<string, number>();
  readonly bursts = new SimulatedBursts();
  readonly emptied: string[] = [];
  readonly said: string[] = [];
  stuck = false;
  deployed = true;
  /** How often a function cannot be deleted just now. */
  busyTimes = 0;
  /** What happens just before a pipeline goes. */
  beforeTeardown: (pipelineId: string) => void = () => {};

  add(pipelineId: string, tasks = 0): this {
    const names = pipelineNames(STAGE, pipelineId);
    this.records.set(pipelineId, { pipelineId });
    const applied = { wanted: { onDelete: 'drain' } } as unknown as NonNullable<StatusRecord['applied']>;
    this.statuses.set(pipelineId, { ...newStatus(pipelineId, ''), phase: 'Active', applied });
    this.queues.set(names.queue, tasks).set(names.deadLetterQueue, 0);
    this.functions.add(names.function);
    return this;
  }

  burst(burst: Partial<BurstRecord>): void {
    const open = { revision: 0, state: 'Sending', isCancelled: false, checkAtMs: 1 };
    this.bursts.write({ ...open, ...burst } as BurstRecord);
  }

  pass(seconds: number): void {
    this.nowMs += seconds * 1000;
    if (this.stuck) return;
    for (const [pipelineId, status] of this.statuses) {
      const record = this.records.get(pipelineId);
      if (record !== undefined) {
        const applied = { wanted: record } as unknown as NonNullable<StatusRecord['applied']>;
        this.statuses.set(pipelineId, { ...status, applied });
        continue;
      }
      if (status.phase !== 'Deleted') this.beforeTeardown(pipelineId);
      const names = pipelineNames(STAGE, pipelineId);
      for (const name of Object.values(names)) this.queues.delete(name);
      this.functions.delete(names.function);
      this.statuses.set(pipelineId, { ...status, phase: 'Deleted' });
    }
  }

  run(discard = false): Promise<void> {
    const names = { consumers: { codeBucket: 'code' }, salvageBucket: 'salvage', burstBucket: 'bursts' };
    const settings = { stage: STAGE, reconcileSlice: 10, controlPlanePerSecond: 10, ...names };
    return removePipelines({
      ports: this.ports(),
      resources: this.resources(),
      settings: settings as unknown as Removal['settings'],
      discard,
      say: (line) => this.said.push(line),
      pollSeconds: 1,
      patienceSeconds: 60,
    });
  }

  private tagsOf(name: string): Record<string, string> {
    if (this.foreign.has(name)) return {};
    if (name.startsWith(trialPrefix(STAGE))) return trialTags(STAGE, name.slice(trialPrefix(STAGE).length));
    return ownerTags(STAGE, pipelineIdOf(STAGE, name) ?? '');
  }

  private ports(): Ports {
    const page = async <T>(items: Iterable<T>) => ({ items: [...items] });
    const nameOf = (url: string) => url.slice('queue/'.length);
    const counts = (visible: number): QueueCounts => ({ visible, delayed: 0, inFlight: 0 });
    const ports = {
      clock: {
        nowMs: () => this.nowMs,
        sleep: async (ms: number) => this.pass(ms / 1000),
      },
      random: () => 0,
      ledgers: {
        reserve: async (_id: string, { nowMs }: { nowMs: number }) => ({ kind: 'granted', startMs: nowMs }),
      },
      configs: { page: () => page(this.records.values()) },
      statuses: {
        page: () => page(this.statuses.values()),
        read: async (pipelineId: string) => this.statuses.get(pipelineId),
      },
      queues: {
        page: () => page([...this.queues.keys()].map((name) => `queue/${name}`)),
        read: async (url: string) => ({ counts: counts(this.queues.get(nameOf(url)) ?? 0) }),
        tags: async (url: string) => this.tagsOf(nameOf(url)),
        delete: async (url: string) => (this.queues.delete(nameOf(url)) ? 'deleted' : 'gone'),
      },
      functions: {
        page: () => page(this.functions),
        read: async (name: string) => ({ tags: this.tagsOf(name) }),
        delete: async (name: string) => {
          if (this.busyTimes > 0) {
            this.busyTimes -= 1;
            return 'busy';
          }
          return this.functions.delete(name) ? 'deleted' : 'gone';
        },
      },
      mappings: { page: () => page([]) },
      bursts: this.bursts,
    };
    return ports as unknown as Ports;
  }

  private resources(): StageResources {
    return {
      isDeployed: async () => this.deployed,
      discardOnDelete: async (pipelineId) => {
        this.records.set(pipelineId, { pipelineId, onDelete: 'discard' });
      },
      deleteConfigRecord: async (pipelineId) => {
        this.records.delete(pipelineId);
      },
      countSalvage: async () => this.salvage,
      emptyBucket: async (bucket) => {
        this.emptied.push(bucket);
        return 0;
      },
    };
  }
}

describe('removing a stage’s pipelines', () => {
  it('takes all of them down by their own teardown, then empties the buckets', async () => {
    const world = new World().add('a').add('b');
    await world.run();
    expect([...world.queues.keys(), ...world.functions, ...world.records.keys()]).toEqual([]);
    expect(world.emptied).toEqual(['code', 'salvage', 'bursts']);
    expect(world.said).toContain('2 pipelines left: 2 Active');
  });

  it('changes nothing while a queue holds tasks', async () => {
    const world = new World().add('a').add('b', 3);
    await expect(world.run()).rejects.toMatchObject({
      code: 'STAGE_HOLDS_TASKS',
      message: expect.stringContaining('b: 3 tasks'),
    });
    expect([...world.records.keys()]).toEqual(['a', 'b']);
    expect(world.emptied).toEqual([]);
  });

  it('changes nothing while there is salvage, also of a pipeline that is long gone', async () => {
    const world = new World().add('a');
    world.salvage.set('gone', 5);
    await expect(world.run()).rejects.toThrow('gone: 5 tasks in salvage');
    expect([...world.records.keys()]).toEqual(['a']);
  });

  it('changes nothing while tasks of a burst are still to be sent, unless it is cancelled', async () => {
    const world = new World().add('a');
    world.burst({ burstId: 'b', pipelineId: 'a', total: 10 });
    world.bursts.noteRound(partsIdOf(world.bursts.read('b') as BurstRecord), 0, {
      fromIndex: 4,
      fromByte: 0,
      accepted: 4,
      refused: 0,
    });
    await expect(world.run()).rejects.toThrow('a: 6 tasks of bursts to be sent');
    world.burst({ burstId: 'b', pipelineId: 'a', total: 10, isCancelled: true, revision: 1 });
    await world.run();
    expect(world.emptied).toContain('bursts');
  });

  it('counts tasks in a queue that nobody has a record of', async () => {
    const world = new World();
    world.queues.set(pipelineNames(STAGE, 'orphan').queue, 2);
    await expect(world.run()).rejects.toThrow('orphan: 2 tasks in its queue');
  });

  it('keeps the buckets when a task that came late was salvaged', async () => {
    const world = new World().add('a');
    world.beforeTeardown = (pipelineId) => world.salvage.set(pipelineId, 1);
    await expect(world.run()).rejects.toThrow('a: 1 task in salvage');
    expect(world.emptied).toEqual([]);
  });

  it('told to discard, waits until the pipelines know, so that they do not drain first', async () => {
    const world = new World().add('a', 7);
    let policy: unknown;
    world.beforeTeardown = (pipelineId) => {
      policy = world.statuses.get(pipelineId)?.applied?.wanted.onDelete;
    };
    await world.run(true);
    expect(policy).toBe('discard');
    expect(world.queues.size).toBe(0);
    expect(world.emptied).toEqual(['code', 'salvage', 'bursts']);
  });

  it('gives up on teardowns that do not move, and names them', async () => {
    const world = new World().add('a');
    world.stuck = true;
    await expect(world.run()).rejects.toMatchObject({
      code: 'TEARDOWN_STUCK',
      message: expect.stringContaining('  a: Active'),
    });
    expect(world.queues.size).toBe(2);
    expect(world.emptied).toEqual([]);
  });

  it('told to discard, deletes what does not move by itself', async () => {
    const world = new World().add('a', 7);
    world.stuck = true;
    await world.run(true);
    expect([...world.queues.keys(), ...world.functions]).toEqual([]);
  });

  it('deletes what nobody had a record of, if it carries the stage’s tags and only then', async () => {
    const world = new World();
    const { queue, function: own } = pipelineNames(STAGE, 'orphan');
    const { queue: theirs } = pipelineNames(STAGE, 'theirs');
    world.queues.set(queue, 0).set(theirs, 0);
    world.functions.add(own).add('sluice-pipe-other-a').add('billing');
    world.foreign.add(theirs);
    await world.run();
    expect([...world.queues.keys()]).toEqual([theirs]);
    expect([...world.functions]).toEqual(['sluice-pipe-other-a', 'billing']);
    expect(world.said).toContain(`deleted queue ${queue}, which nobody had a record of`);
  });

  it('deletes functions that releases were tried with, by the same rule', async () => {
    const world = new World();
    world.functions.add(trialFunction(STAGE, 'abc')).add(trialFunction(STAGE, 'theirs'));
    world.foreign.add(trialFunction(STAGE, 'theirs'));
    await world.run();
    expect([...world.functions]).toEqual([trialFunction(STAGE, 'theirs')]);
  });

  it('comes back to a function that is being changed', async () => {
    const world = new World();
    world.functions.add(pipelineNames(STAGE, 'orphan').function);
    world.busyTimes = 3;
    await world.run();
    expect(world.functions.size).toBe(0);
  });

  it('does nothing where there is no stage', async () => {
    const world = new World();
    world.deployed = false;
    await world.run();
    expect(world.emptied).toEqual([]);
    expect(world.said).toEqual(['stage dev has no tables: no pipelines to remove']);
  });
});
