import { describe, expect, it } from '@jest/globals';
import { singleWave } from '../../../../../core/release/plan.ts';
import * as list from '../../../../../operator/cli/commands/rollout-ls.ts';
import * as show from '../../../../../operator/cli/commands/rollout-show.ts';
import { steering } from '../../../../../operator/cli/commands/rollout-steer.ts';
import { followRollout, sayingScreen } from '../../../../../operator/cli/rollouts/follow.ts';
import { exitCodeOf, isOver, rolloutLine, waveLines } from '../../../../../operator/cli/rollouts/words.ts';
import { typed } from '../typed.ts';
import { release } from './releases.ts';

describe('a rollout in a line', () => {
  it.each([
    ['on its way', release(), 'consumer.zip v7abc Rolling: wave 2 of 3, 7 of 50 pipelines moved, 3 moving'],
    [
      'being checked',
      release({ state: 'Checking', waves: [], wave: -1, counts: { moved: 0, moving: 0 } }),
      'consumer.zip v7abc Checking',
    ],
    [
      'paused, with trouble',
      release({ paused: true, counts: { moving: 0, failing: 1, failed: 1, blocked: 1, pinned: 2 } }),
      'consumer.zip v7abc Rolling: wave 2 of 3, 7 of 50 pipelines moved, 2 could not be changed, 1 with a bad record, 2 pinned, paused: no further wave opens',
    ],
    [
      'done',
      release({ state: 'Done', endedAt: '2026-11-21T12:03:21.000Z', counts: { moved: 50, moving: 0 } }),
      'consumer.zip v7abc Done: 50 of 50 pipelines moved, took 3 min 20 s',
    ],
    [
      'that nobody followed when it began',
      release({
        state: 'Done',
        waves: singleWave(0),
        wave: 0,
        endedAt: '2026-11-21T12:00:05.000Z',
        counts: { moved: 9, moving: 0 },
      }),
      'consumer.zip v7abc Done: 9 of 9 pipelines moved, took 4 s',
    ],
    [
      'brought back',
      release({
        state: 'RolledBack',
        returned: true,
        redriven: 3,
        reason: '2 unhealthy',
        counts: { moved: 0, moving: 0 },
      }),
      'consumer.zip v7abc RolledBack: 0 of 50 pipelines moved, everybody has gone back, 3 dead letters sent again — 2 unhealthy',
    ],
  ])('%s', (_, record, line) => expect(rolloutLine(record)).toBe(line));

  it('has its waves below it, as far as each has got', () => {
    expect(waveLines(release())).toEqual([
      `  wave 1  ${'█'.repeat(24)}  2 of 2 pipelines, the canaries`,
      `  wave 2  ${'█'.repeat(12)}${'·'.repeat(12)}  5 of 10 pipelines`,
      `  wave 3  ${'·'.repeat(24)}  0 of 38 pipelines`,
    ]);
  });

  it('is over once nothing more comes of it by itself', () => {
    expect(isOver(release())).toBe(false);
    expect(isOver(release({ state: 'RolledBack' }))).toBe(false);
    expect(isOver(release({ state: 'RolledBack', returned: true }))).toBe(true);
    expect([exitCodeOf(release({ state: 'Done' })), exitCodeOf(release({ state: 'Rejected' }))]).toEqual([
      0, 1,
    ]);
  });
});

describe('following a rollout', () => {
  const of = { codeKey: 'consumer.zip', version: 'v7abc' };

  it('says what changes until it is over', async () => {
    const said: string[] = [];
    const [rolling, done] = [release(), release({ state: 'Done' })];
    const answers = [[], [rolling], [rolling, release({ version: 'v6' })], [done]];
    const desk = { rollouts: async () => answers.shift() ?? [done] };
    const screen = sayingScreen((line) => void said.push(line));
    const record = await followRollout(desk, of, screen, new AbortController().signal);
    expect(record).toBe(done);
    expect(said).toEqual([rolloutLine(rolling)]);
  }, 10_000);

  it('ends when somebody has had enough', async () => {
    const desk = { rollouts: async () => [release()] };
    expect(
      await followRollout(
        desk,
        of,
        sayingScreen(() => {}),
        AbortSignal.abort(),
      ),
    ).toMatchObject({ state: 'Rolling' });
  });

  it('says so where nothing comes of an upload', async () => {
    let nowMs = 0;
    const desk = {
      rollouts: async () => {
        nowMs += 61_000;
        return [];
      },
    };
    const signal = new AbortController().signal;
    await expect(
      followRollout(
        desk,
        of,
        sayingScreen(() => {}),
        signal,
        () => nowMs,
      ),
    ).rejects.toMatchObject({ exitCode: 1 });
  });
});

describe('sluice rollout', () => {
  const releases = [
    release(),
    release({ version: 'v7xyz', state: 'Superseded' }),
    release({ version: 'v6', state: 'Done' }),
  ];
  const call = (
    module: Parameters<typeof typed>[0],
    version?: string,
    more: Parameters<typeof typed>[1] = {},
  ) => {
    const asked: unknown[] = [];
    const came = typed(module, {
      args: version === undefined ? [] : [version],
      ...more,
      desk: {
        rollouts: async (key) => (key === undefined || key === 'consumer.zip' ? releases : []),
        steerRollout: async (request) => {
          asked.push(request);
          return { state: 'Rolling', message: 'so it is' };
        },
      },
    });
    return came.then((one) => ({ ...one, asked }));
  };

  it('ls lists them', async () => {
    const { out, said } = await call(list);
    expect(out[0]).toMatch(/^KEY +VERSION +STATE +WAVE +MOVED +BEGAN +WHY$/);
    expect(out[1]).toMatch(/^consumer\.zip +v7abc +Rolling +2\/3 +7 /);
    expect(said).toEqual(['3 releases']);
  });

  it('show is of the newest, or of a version by its beginning', async () => {
    expect((await call(show)).out[0]).toContain('v7abc');
    expect((await call(show, 'v6')).out[0]).toContain('v6 Done');
    expect((await call(show, 'v7x')).out[0]).toContain('v7xyz');
    await expect(call(show, 'v7')).rejects.toMatchObject({ exitCode: 2 });
    await expect(call(show, 'v8')).rejects.toMatchObject({ exitCode: 3 });
    await expect(call(show, undefined, { options: { key: 'other.zip' } })).rejects.toThrow(
      'sluice code push',
    );
  });

  it('pause names the very release to the stage', async () => {
    const { asked, out } = await call(steering('pause'), undefined, { options: { reason: 'lunch' } });
    expect(asked).toEqual([{ action: 'pause', codeKey: 'consumer.zip', version: 'v7abc', reason: 'lunch' }]);
    expect(out).toEqual(['consumer.zip v7abc Rolling: so it is']);
  });

  it.each(['abort', 'rollback'] as const)('%s asks first', async (action) => {
    expect(await call(steering(action), undefined, { answer: false })).toMatchObject({
      asked: [],
      code: 1,
    });
    expect((await call(steering(action), undefined, { answer: true })).asked).toHaveLength(1);
    expect((await call(steering(action), undefined, { options: { yes: true } })).said).toEqual([]);
  });
});
