import { describe, expect, it } from '@jest/globals';
import type { Ports, RolloutInput } from '../../../../aws/ports.ts';
import { type ReleaseLine, releaseFact } from '../../../../core/release/line.ts';
import {
  newWalk,
  RELEASE_STATES,
  type ReleaseRecord,
  type ReleaseState,
  rolloutName,
} from '../../../../core/release/record.ts';
import { control } from '../../../../functions/rollout-control/control.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { releaseRecord } from '../release-record.ts';
import { run, stageWith } from '../simulated-stage.ts';

const KEY = 'consumer.zip';
const V2 = { key: KEY, version: 'v2' };
const SECOND = rolloutName(V2, 2);

/** A stage where v2 is on its way after v1, and a person who can say something to its rollout. */
async function stageOf(fields: Partial<ReleaseRecord> = {}, line: ReleaseLine = onItsWay(fields)) {
  const world = await stageWith();
  const started: [string, RolloutInput][] = [];
  write(world, { from: 'v1', ...fields });
  world.ledgers.write(releaseFact(KEY), line, 0);
  const say = (input: unknown, change = (ports: Ports) => ports) =>
    run(world, (ports) => control(input, ports), {
      ports: (ports) =>
        change({
          ...ports,
          rollouts: {
            async start(name, release) {
              started.push([name, release]);
              return 'started';
            },
          },
        }),
    });
  return {
    world,
    started,
    say,
    record: (version = 'v2') => recordOf(world, version),
    line: () => world.ledgers.read(releaseFact(KEY))?.value,
  };
}

function onItsWay({ wave = 0 }: Partial<ReleaseRecord>): ReleaseLine {
  return { stable: 'v1', next: { version: 'v2', reach: wave < 0 ? 0 : 0.2, canaries: true }, kept: [] };
}

function write(world: World, fields: Partial<ReleaseRecord>): void {
  const { state = 'Rolling' } = fields;
  world.releases.write(releaseRecord({ wave: 0, state, announced: state, ...fields }));
}

function recordOf(world: World, version: string): ReleaseRecord {
  const record = world.releases.read(KEY, version);
  if (record === undefined) throw new Error(`no record of ${version}`);
  return record;
}

function states(world: World): unknown[] {
  return world.events.published.map(({ detail }) => detail.state);
}

describe('pausing', () => {
  it('stops a rollout before its next wave, and starts nothing', async () => {
    const { say, started, record, line } = await stageOf();
    const before = line();
    expect(await say({ action: 'pause' })).toEqual({
      codeKey: KEY,
      version: 'v2',
      state: 'Rolling',
      paused: true,
      message: expect.stringContaining('paused'),
    });
    expect(record()).toMatchObject({ paused: true, state: 'Rolling', owner: rolloutName(V2) });
    expect(line()).toEqual(before);
    expect(started).toEqual([]);
  });

  it('once more changes nothing', async () => {
    const { say, record } = await stageOf({ paused: true });
    expect(await say({ action: 'pause' })).toMatchObject({ paused: true, message: 'it is paused already' });
    expect(record().revision).toBe(1);
  });
});

describe('resuming', () => {
  it('has another execution go on where the last one stopped', async () => {
    const { say, started, record, world } = await stageOf({ paused: true, wave: 1, aliveAtMs: 0 });
    expect(await say({ action: 'resume' })).toMatchObject({ state: 'Rolling', paused: false });
    expect(record()).toMatchObject({ paused: false, owner: SECOND, executions: 2, wave: 1 });
    expect(record().aliveAtMs).toBeGreaterThan(0);
    expect(started).toEqual([[SECOND, V2]]);
    expect(states(world)).toEqual([]);
  });

  it('once more makes sure of the execution that goes on', async () => {
    const { say, started } = await stageOf({ owner: SECOND, executions: 2 });
    expect(await say({ action: 'resume' })).toMatchObject({ message: 'it is not paused' });
    expect(started).toEqual([[SECOND, V2]]);
  });
});

describe('aborting', () => {
  it('leaves everybody with what they have, and tells why it ended', async () => {
    const { say, started, record, line, world } = await stageOf({ paused: true });
    const before = line();
    const answer = await say({ action: 'abort', reason: 'the wrong branch' });
    expect(answer).toMatchObject({ state: 'Aborted', paused: false });
    expect(record()).toMatchObject({ reason: 'the wrong branch', endedAt: expect.any(String) });
    expect(line()).toEqual(before);
    expect(started).toEqual([]);
    expect(states(world)).toEqual(['Aborted']);
  });
});

describe('rolling back', () => {
  it('takes the release out of its line and has an execution bring everybody back', async () => {
    const walk = newWalk(0);
    const { say, started, record, line, world } = await stageOf({ walk, toldAtMs: 1, paused: true });
    expect(await say({ action: 'rollback', reason: 'too slow' })).toMatchObject({
      state: 'RolledBack',
      paused: false,
    });
    expect(line()).toEqual({ stable: 'v1', kept: [] });
    expect(record()).toMatchObject({
      reason: 'too slow',
      evidence: [{ what: 'byHand', message: 'too slow' }],
      owner: SECOND,
    });
    for (const gone of ['walk', 'toldAtMs', 'returned'] as const) expect(record()).not.toHaveProperty(gone);
    expect(started).toEqual([[SECOND, V2]]);
    expect(states(world)).toEqual(['RolledBack']);
  });

  it('of a release that everybody has goes back to the one before, whose record stays as it is', async () => {
    const { say, record, line, world } = await stageOf(
      { state: 'Done' },
      {
        stable: 'v2',
        former: 'v1',
        kept: [],
      },
    );
    write(world, { version: 'v1', state: 'Done', startedAt: '2020-01-01T00:00:00.000Z' });
    await say({ action: 'rollback' });
    expect(line()).toEqual({ stable: 'v1', kept: [] });
    expect([record('v1').state, record('v2').state]).toEqual(['Done', 'RolledBack']);
  });

  it('of an aborted one takes it from whoever got it', async () => {
    const { say, line } = await stageOf({ state: 'Aborted' });
    expect((await say({ action: 'rollback' })).state).toBe('RolledBack');
    expect(line()).toEqual({ stable: 'v1', kept: [] });
  });

  it('once more makes sure of the line and of the execution', async () => {
    // As a crash leaves it that comes right after the record was written.
    const { say, started, line } = await stageOf({ state: 'RolledBack', owner: SECOND, executions: 2 });
    expect((await say({ action: 'rollback' })).message).toBe('it is rolled back already');
    expect(line()).toEqual({ stable: 'v1', kept: [] });
    expect(started).toEqual([[SECOND, V2]]);
  });

  it('once everybody is back starts nothing', async () => {
    const { say, started } = await stageOf(
      { state: 'RolledBack', returned: true },
      {
        stable: 'v1',
        kept: [],
      },
    );
    await say({ action: 'rollback' });
    expect(started).toEqual([]);
  });

  it('is refused where nothing was there before', async () => {
    const { say, record } = await stageOf(
      {},
      {
        next: { version: 'v2', reach: 0.2, canaries: true },
        kept: [],
      },
    );
    await expect(say({ action: 'rollback' })).rejects.toMatchObject({ code: 'NotPossible' });
    expect(record().state).toBe('Rolling');
  });
});

describe('retrying', () => {
  const ended = {
    state: 'RolledBack',
    returned: true,
    redriven: 7,
    reason: 'bad',
    endedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: 1,
    expectedEnd: '2026-01-01T00:00:00.000Z',
    startedAt: '2020-01-01T00:00:00.000Z',
    wave: 2,
    waves: [{ reach: 1, canaries: true, pipelines: 3 }],
    counts: { ...releaseRecord().counts, moved: 3 },
    evidence: [{ what: 'errors' as const, message: 'many' }],
    warnings: ['tight'],
    failedPipelines: [{ pipelineId: 'p', message: 'm' }],
    toldAtMs: 1,
    walk: newWalk(0),
  } satisfies Partial<ReleaseRecord>;

  it('begins anew, as if the release had just been uploaded', async () => {
    const { say, started, record, world } = await stageOf(ended, { stable: 'v1', kept: [] });
    expect(await say({ action: 'retry' })).toMatchObject({ state: 'Checking', paused: false });
    const at = record().startedAt;
    expect(Date.parse(at)).toBeGreaterThan(Date.parse(ended.startedAt));
    const { updatedAt, aliveAtMs, revision } = record();
    expect(record()).toEqual({
      ...JSON.parse(JSON.stringify(releaseRecord({ from: 'v1', announced: 'Checking' }))),
      ...{ startedAt: at, owner: SECOND, executions: 2, updatedAt, aliveAtMs, revision },
    });
    expect(started).toEqual([[SECOND, V2]]);
    expect(states(world)).toEqual(['Checking']);
  });

  it('makes it the newest, so that no release that was begun since comes before it', async () => {
    const { say, record, world } = await stageOf({ state: 'Aborted', startedAt: '2020-01-01T00:00:00.000Z' });
    write(world, { version: 'v3', state: 'Done', startedAt: new Date(world.nowMs()).toISOString() });
    await world.pass(1);
    await say({ action: 'retry', version: 'v2' });
    expect(record('v2').startedAt > record('v3').startedAt).toBe(true);
  });

  it('is refused while pipelines still go back', async () => {
    const { say } = await stageOf({ state: 'RolledBack' });
    await expect(say({ action: 'retry' })).rejects.toMatchObject({ code: 'NotPossible' });
  });
});

describe('what is not possible in the state that a release is in', () => {
  const possible: Readonly<Record<string, readonly ReleaseState[]>> = {
    pause: ['Checking', 'Canary', 'Rolling', 'Baking'],
    resume: ['Checking', 'Canary', 'Rolling', 'Baking'],
    abort: ['Checking', 'Canary', 'Rolling', 'Baking', 'Aborted'],
    rollback: ['Canary', 'Rolling', 'Baking', 'Done', 'RolledBack', 'Aborted'],
    retry: ['Done', 'Rejected', 'Superseded', 'Aborted'],
  };
  const cases = Object.entries(possible).flatMap(([action, states]) =>
    RELEASE_STATES.filter((state) => !states.includes(state)).map((state) => [action, state] as const),
  );

  it.each(cases)('%s of one that is %s is refused, and changes nothing', async (action, state) => {
    const { say, record, line } = await stageOf({ state });
    const before = { record: record(), line: line() };
    // A rollback that is not over takes the release out of its line, whoever asks for what.
    if (state === 'RolledBack') before.line = { stable: 'v1', kept: [] };
    await expect(say({ action })).rejects.toMatchObject({
      code: 'NotPossible',
      message: expect.stringMatching(new RegExp(`^cannot ${action} v2 of consumer.zip: `)),
    });
    expect({ record: record(), line: line() }).toEqual(before);
  });
});

describe('the release that is meant', () => {
  it('is the one begun last where no version is given', async () => {
    const { say, world } = await stageOf({ startedAt: '2026-01-02T00:00:00.000Z' });
    write(world, { version: 'a', startedAt: '2026-01-01T00:00:00.000Z' });
    write(world, { version: 'z', startedAt: '2026-01-01T00:00:00.000Z' });
    write(world, { version: 'y', codeKey: 'other.zip', startedAt: '2026-01-03T00:00:00.000Z' });
    expect((await say({ action: 'pause' })).version).toBe('v2');
    expect((await say({ action: 'pause', version: 'a' })).version).toBe('a');
    expect((await say({ action: 'pause', codeKey: 'other.zip' })).version).toBe('y');
  });

  it('is named among those that there are where there is none of this version', async () => {
    const { say, world } = await stageOf({ startedAt: '2026-01-02T00:00:00.000Z' });
    write(world, { version: 'v1', state: 'Done', startedAt: '2026-01-01T00:00:00.000Z' });
    await expect(say({ action: 'pause', version: 'v9' })).rejects.toMatchObject({
      code: 'UnknownRelease',
      message:
        'there is no release v9 of consumer.zip — give one of these versions, newest first, or none for the newest: v2 (Rolling), v1 (Done)',
    });
  });

  it('is none where nothing of this key was ever uploaded', async () => {
    const { say } = await stageOf();
    await expect(say({ action: 'pause', codeKey: 'other.zip' })).rejects.toMatchObject({
      code: 'UnknownRelease',
      message: 'there is no release of other.zip — upload one, or correct codeKey',
    });
  });
});

describe('a wrong input', () => {
  it.each([
    [undefined, 'input must be a map of fields, got nothing — give a map with at least an action'],
    [
      {},
      'action must be "pause" or "resume" or "abort" or "rollback" or "retry", got nothing — say what to do to the rollout',
    ],
    [
      { action: 'stop' },
      'action must be "pause" or "resume" or "abort" or "rollback" or "retry", got "stop" — say what to do to the rollout',
    ],
    [
      { action: 'pause', codeKey: '' },
      'codeKey must be the S3 key of consumer code, got "" — leave it out for consumer.zip',
    ],
    [
      { action: 'pause', version: 7 },
      'version must be an S3 version id, got 7 — choose type String in the console, or put it in quotes',
    ],
    [{ action: 'pause', verson: 'v2' }, 'verson is not a known field — did you mean version?'],
    [
      { action: 'abort', reason: 'x'.repeat(501) },
      `reason must be a text of at most 500 characters, got "${'x'.repeat(39)}…" — say it in fewer words, or leave it out`,
    ],
  ])('%j is answered with where, what is allowed, what was given and what to do', async (input, message) => {
    const { say } = await stageOf();
    await expect(say(input)).rejects.toMatchObject({
      code: 'InvalidInput',
      message: `the input is wrong: ${message}`,
    });
  });

  it('is answered with everything that is wrong with it', async () => {
    const { say } = await stageOf();
    const answer = say({ action: 'stop', version: '', whatever: true });
    await expect(answer).rejects.toMatchObject({
      message: expect.stringMatching(/action must be.*version must be.*whatever is not a known field/),
    });
  });
});

describe('beside others', () => {
  /** Has somebody else write the record once, right before or right after the person's first write of it. */
  function meanwhile(world: World, when: 'before' | 'after', changes: Partial<ReleaseRecord>) {
    let over = false;
    return (ports: Ports): Ports => ({
      ...ports,
      releases: Object.assign(Object.create(ports.releases), {
        async write(next: ReleaseRecord) {
          const write = () => world.releases.write({ ...recordOf(world, 'v2'), ...changes });
          if (over) return ports.releases.write(next);
          over = true;
          if (when === 'before') write();
          const answer = await ports.releases.write(next);
          if (when === 'after') write();
          return answer;
        },
      }),
    });
  }

  it('decides anew by what the machine has written meanwhile', async () => {
    const { say, record, world } = await stageOf();
    await say({ action: 'abort' }, meanwhile(world, 'before', { wave: 1 }));
    expect(record()).toMatchObject({ state: 'Aborted', wave: 1 });
  });

  it('is refused where the machine was quicker', async () => {
    const { say, record, world } = await stageOf();
    const answer = say({ action: 'abort' }, meanwhile(world, 'before', { state: 'Done' }));
    await expect(answer).rejects.toMatchObject({ code: 'NotPossible' });
    expect(record().state).toBe('Done');
  });

  it.each<[string, Partial<ReleaseRecord>]>([
    ['rollback', {}],
    ['retry', { state: 'Aborted' }],
  ])('%s is carried out where the new execution writes right after it', async (action, fields) => {
    const { say, started, world } = await stageOf(fields);
    await say({ action }, meanwhile(world, 'after', { counts: { ...releaseRecord().counts, due: 1 } }));
    expect(started).toEqual([[SECOND, V2]]);
  });

  it.each(['pause', 'resume', 'abort', 'rollback', 'retry'])(
    '%s crashed after any of its calls and repeated ends as if it had not crashed',
    async (action) => {
      const fields: Partial<ReleaseRecord> =
        action === 'retry' ? { state: 'Aborted' } : { paused: action === 'resume' };
      const whole = await stageOf(fields);
      await whole.say({ action });
      const expected = { ...essence(whole.record()), line: whole.line(), started: whole.started.slice(-1) };
      for (let calls = 1; ; calls += 1) {
        const { say, started, record, line } = await stageOf(fields);
        const dies = await say({ action }, crashAfter(calls)).then(
          () => false,
          () => true,
        );
        if (!dies) return;
        await say({ action }).catch((error: unknown) => {
          // The first one did it.
          expect([action, error]).toMatchObject(['retry', { code: 'NotPossible' }]);
        });
        expect({ ...essence(record()), line: line(), started: started.slice(-1) }).toEqual(expected);
      }
    },
  );
});

function essence({ state, paused, owner, executions, announced, evidence }: ReleaseRecord) {
  return { state, paused, owner, executions, announced, evidence };
}

/** Ports that fail for good once they have been called so often. */
function crashAfter(calls: number) {
  let left = calls;
  return (ports: Ports): Ports => {
    const dying = (port: object) =>
      new Proxy(port, {
        get(target, method) {
          const call: unknown = Reflect.get(target, method);
          if (typeof call !== 'function') return call;
          return async (...args: unknown[]) => {
            if (left <= 0) throw new Error('crashed');
            left -= 1;
            return call.apply(target, args);
          };
        },
      });
    return {
      ...ports,
      releases: dying(ports.releases) as Ports['releases'],
      ledgers: dying(ports.ledgers) as Ports['ledgers'],
      events: dying(ports.events) as Ports['events'],
      rollouts: dying(ports.rollouts) as Ports['rollouts'],
    };
  };
}
