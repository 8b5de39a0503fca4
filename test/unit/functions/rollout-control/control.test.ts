import { describe, expect, it } from '@jest/globals';
import { RELEASE_STATES, type ReleaseState, rolloutName } from '../../../../core/release/record.ts';
import { KEY, SECOND, stageOf, states, V2 } from './stage.ts';

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
    const answer = await say({ action: 'abort', reason: 'the wrong branch' });
    expect(answer).toMatchObject({ state: 'Aborted', paused: false });
    expect(record()).toMatchObject({ reason: 'the wrong branch', endedAt: expect.any(String) });
    expect(line()).toEqual({ stable: 'v1', kept: ['v2'] });
    expect(started).toEqual([]);
    expect(states(world)).toEqual(['Aborted']);
  });

  it('lets the line be where nobody has got the release', async () => {
    const line = { stable: 'v1', next: { version: 'v1b', reach: 0.5, canaries: true }, kept: [] };
    const stage = await stageOf({ state: 'Checking' }, line);
    expect((await stage.say({ action: 'abort' })).state).toBe('Aborted');
    expect(stage.line()).toEqual(line);
  });

  it('once more makes sure of the line', async () => {
    // As a crash leaves it that comes right after the record was written.
    const { say, line } = await stageOf({ state: 'Aborted' });
    expect((await say({ action: 'abort' })).message).toBe('it is aborted already');
    expect(line()).toEqual({ stable: 'v1', kept: ['v2'] });
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
    const v3 = { version: 'v3', reach: 0.2, canaries: true };
    const replaced = state === 'Superseded' ? [{ stable: 'v1', next: v3, kept: [] }] : [];
    const { say, record, line } = await stageOf({ state }, ...replaced);
    const before = { record: record(), line: line() };
    // A rollback that is not over takes the release out of its line, whoever asks for what.
    if (state === 'RolledBack') before.line = { stable: 'v1', kept: [] };
    // As an abort that is not over leaves who has it with it.
    if (state === 'Aborted') before.line = { stable: 'v1', kept: ['v2'] };
    await expect(say({ action })).rejects.toMatchObject({
      code: 'NotPossible',
      message: expect.stringMatching(new RegExp(`^cannot ${action} v2 of consumer.zip: `)),
    });
    expect({ record: record(), line: line() }).toEqual(before);
  });
});
