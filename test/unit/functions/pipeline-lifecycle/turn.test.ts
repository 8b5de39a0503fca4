import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import type { Lane } from '../../../../core/lanes.ts';
import { NotYet } from '../../../../core/lifecycle/outcome.ts';
import type { Target } from '../../../../core/lifecycle/target.ts';
import type { Run } from '../../../../core/status-record.ts';
import { guardPorts, laneOf } from '../../../../functions/pipeline-lifecycle/turn.ts';
import { consumers, NOW_MS, target } from '../../core/lifecycle/records.ts';

const run = (fields: Partial<Run>): Run => ({
  kind: 'update',
  step: 'UpdateMapping',
  startedAtMs: NOW_MS,
  verify: false,
  ...fields,
});

describe('laneOf', () => {
  const applied = target();
  const paused = target({ paused: true });
  const resting = target({}, { enabled: false });
  const redeployed = target({}, { stage: { ...consumers, tracing: true } });

  it.each<[string, Partial<Run>, Target | undefined, Lane]>([
    ['a pause', { kind: 'switch', target: paused }, applied, 'pause'],
    ['a pause with another change', { target: paused }, applied, 'pause'],
    ['a pause of a pipeline that nobody is sure of', { target: paused, verify: true }, applied, 'pause'],
    ['an edit of a paused pipeline', { target: target({ paused: true, memoryMb: 512 }) }, paused, 'edit'],
    ['a repair of a paused pipeline', { target: paused, verify: true }, paused, 'bulk'],
    ['an end to a pause', { kind: 'switch', target: applied }, paused, 'edit'],
    ['a rest', { kind: 'switch', target: resting }, applied, 'edit'],
    ['a rest for a hold', { kind: 'switch', target: resting, held: { cause: 'throttled' } }, applied, 'bulk'],
    ['a wake', { kind: 'switch', target: applied }, resting, 'edit'],
    ['an edit', { target: target({ concurrency: 9 }) }, applied, 'edit'],
    ['a repair', { target: applied, verify: true }, applied, 'bulk'],
    ['what a deploy changes for all consumers', { target: redeployed }, applied, 'bulk'],
    ['a new pipeline', { kind: 'create', target: applied }, undefined, 'bulk'],
    ['a release', { kind: 'codeSync', target: target({}, { version: 'v2' }) }, applied, 'bulk'],
    ['a teardown', { kind: 'drain' }, applied, 'delete'],
    ['a teardown of a paused pipeline', { kind: 'salvage' }, paused, 'delete'],
  ])('%s', (_what, fields, was, lane) => {
    expect(laneOf(run(fields), was)).toBe(lane);
  });
});

describe('guardPorts', () => {
  let nowMs = 0;
  const called: string[] = [];
  const port = {
    name: 'a queue',
    async read() {
      called.push(this.name);
      return 'read';
    },
  };
  const ports = { clock: { nowMs: () => nowMs }, queues: port } as unknown as Ports;
  const guarded = guardPorts({ ...ports, ...emptyPorts() }, 60_000, 10_000).queues as unknown as typeof port;

  function emptyPorts() {
    const rest =
      'configs statuses ledgers holds flow redrives functions mappings account code salvage executions rollouts releases health events';
    return Object.fromEntries(rest.split(' ').map((name) => [name, {}]));
  }

  it('lets a call start while there is as much time left as it may take', async () => {
    nowMs = 50_000;
    expect(await guarded.read()).toBe('read');
    expect(called).toEqual(['a queue']);
  });

  it('starts no call with less time left: the step comes back instead', () => {
    nowMs = 50_001;
    expect(() => guarded.read()).toThrow(NotYet);
    expect(called).toHaveLength(1);
  });
});
