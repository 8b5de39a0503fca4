import { describe, expect, it } from '@jest/globals';
import { newWalk, type ReleaseRecord } from '../../../../core/release/record.ts';
import { releaseRecord } from '../release-record.ts';
import { SECOND, stageOf, states, V2, write } from './stage.ts';

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
    const { say, line } = await stageOf({ state: 'Aborted' }, { stable: 'v1', kept: ['v2'] });
    expect((await say({ action: 'rollback' })).state).toBe('RolledBack');
    expect(line()).toEqual({ stable: 'v1', kept: [] });
  });

  it('of a superseded one takes it from whoever kept it, and the newer one goes on', async () => {
    const next = { version: 'v3', reach: 0.2, canaries: true };
    const { say, line } = await stageOf({ state: 'Superseded' }, { stable: 'v1', next, kept: ['v2'] });
    expect((await say({ action: 'rollback' })).state).toBe('RolledBack');
    expect(line()).toEqual({ stable: 'v1', next, kept: [] });
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
