import { describe, expect, it } from '@jest/globals';
import * as burst from '../../../../../operator/cli/commands/burst.ts';
import * as dlq from '../../../../../operator/cli/commands/dlq.ts';
import * as redrive from '../../../../../operator/cli/commands/redrive.ts';
import { type Typing, typed } from '../typed.ts';
import { progress } from '../watch/progress.ts';

describe('sluice burst', () => {
  const status = {
    pipelineId: 'a',
    given: 100,
    unsent: 60,
    finishAt: '2026-11-21T13:00:00.000Z',
    state: 'Paused',
    message: 'nothing more of it is sent until it is resumed',
  };
  const steer = async (args: readonly string[], more: Typing = {}) => {
    const deeds: unknown[] = [];
    const came = await typed(burst, {
      args,
      ...more,
      desk: {
        burst: async () => progress({}),
        steerBurst: async (id, deed) => {
          deeds.push([id, deed]);
          return status;
        },
      },
    });
    return { ...came, deeds };
  };

  it('steers what is not sent yet, and says what came of that', async () => {
    const { deeds, out } = await steer(['b', 'pause']);
    expect(deeds).toEqual([['b', { pause: true }]]);
    expect(out).toEqual(['a b: 40 of 100 tasks sent; nothing more of it is sent until it is resumed']);
  });

  it('plans the rest anew, by a goal or by none', async () => {
    const spread = { options: { finishWithin: 600 } };
    expect((await steer(['b', 'replan'], spread)).deeds).toEqual([
      ['b', { replan: { spread: { finishWithinSeconds: 600 } } }],
    ]);
    expect((await steer(['b', 'replan'])).deeds).toEqual([['b', { replan: {} }]]);
    await expect(steer(['b', 'pause'], spread)).rejects.toMatchObject({ exitCode: 2 });
  });

  it('cancels only when it is meant', async () => {
    expect(await steer(['b', 'cancel'], { answer: false })).toMatchObject({ deeds: [], code: 1 });
    expect((await steer(['b', 'cancel'], { answer: true })).deeds).toEqual([['b', { cancel: true }]]);
    expect((await steer(['b', 'cancel'], { options: { yes: true } })).said).toEqual([]);
  });

  it('says what it can be told', async () => {
    await expect(steer(['b', 'stop'])).rejects.toThrow('pause, resume, cancel, replan');
  });

  it('tells of one, and ends not well where that did', async () => {
    const of = (given: Parameters<typeof progress>[0]) =>
      typed(burst, { args: ['b'], desk: { burst: async () => progress(given) } });
    expect((await of({})).code).toBe(0);
    const ended = { state: 'Ended', totals: { deadLettered: 1 } } as const;
    const over = await of(ended);
    expect(over.code).toBe(1);
    expect(over.out[0]).toContain('1 dead letter');
  });

  it('lists those that are open, or those of a pipeline', async () => {
    const asked: (string | undefined)[] = [];
    const list = (options: Typing['options'] = {}) =>
      typed(burst, {
        options,
        desk: {
          bursts: async (of) => {
            asked.push(of);
            return [progress({})];
          },
        },
      });
    expect((await list()).out[0]).toMatch(/^BURST +PIPELINE +STATE/);
    expect((await list({ of: 'a' })).said).toEqual(['1 burst']);
    expect(asked).toEqual([undefined, 'a']);
  });
});

describe('sluice dlq', () => {
  const sample = {
    messageId: 'l1',
    reason: 'no such page',
    attempts: 5,
    error: { name: 'RangeError', message: 'line\nbreak' },
    firstSentAtMs: Date.now() - 180_000,
    body: '{"page":7}',
  };
  const letters = {
    total: 900,
    sampled: 50,
    reasons: [
      { reason: 'no such page', letters: 40 },
      { reason: 'maxAttempts', letters: 10 },
    ],
    samples: [sample, { ...sample, messageId: 'l2' }],
  };

  it('shows reasons by how many, and some letters, each line a line', async () => {
    const { out, said } = await typed(dlq, {
      args: ['a'],
      options: { samples: 1 },
      desk: { deadLetters: async () => letters },
    });
    expect(out).toEqual([
      'LETTERS  REASON',
      '     40  no such page',
      '     10  maxAttempts',
      '',
      'no such page, 5 attempts, first sent 3 min ago',
      '  RangeError: line break',
      '  {"page":7}',
      '  l1',
    ]);
    expect(said[0]).toBe('a: 900 dead letters, 50 of them looked at');
  });

  it.each([
    [0, 'a: no dead letters'],
    [3, 'a: 3 dead letters, out of sight at the moment: somebody looks at them'],
  ])('says why it shows none of %i', async (total, line) => {
    const none = { total, sampled: 0, reasons: [], samples: [] };
    const { said } = await typed(dlq, { args: ['a'], desk: { deadLetters: async () => none } });
    expect(said).toEqual([line]);
  });

  it('looks at as many as it is told', async () => {
    const asked: (number | undefined)[] = [];
    const deadLetters = async (_id: string, most?: number) => {
      asked.push(most);
      return letters;
    };
    const { out } = await typed(dlq, {
      args: ['a'],
      options: { look: 200, json: true },
      desk: { deadLetters },
    });
    expect(asked).toEqual([200]);
    expect(JSON.parse(out[0] ?? '')).toEqual({ pipelineId: 'a', ...letters });
  });
});

describe('sluice redrive', () => {
  const skipped = { otherReason: 0, newer: 0, tooOften: 0, notSent: 0 };
  const running = { state: 'Running', sent: 2, left: 8, skipped, message: 'it goes on' };
  const done = {
    state: 'Done',
    sent: 9,
    left: 1,
    skipped: { ...skipped, tooOften: 1 },
    message: 'all that are left stay',
  };
  const call = async (options: Typing['options'], answers: unknown[], signal?: AbortSignal) => {
    const asked: unknown[] = [];
    const came = await typed(redrive, {
      args: ['a'],
      options: { watch: true, ...options },
      ...(signal && { signal }),
      desk: {
        redrive: async (_id, wish) => {
          asked.push(wish);
          return answers.length > 1 ? answers.shift() : answers[0];
        },
      },
    });
    return { ...came, asked };
  };

  it('follows it until it is over', async () => {
    const { asked, said, out, code } = await call({ reason: 'x*', first: 10 }, [running, done]);
    expect(asked).toEqual([{ reason: 'x*', first: 10 }, { status: true }]);
    expect(said).toEqual(['a: 2 dead letters sent again, 8 left: it goes on']);
    expect(out).toEqual([
      'a: 9 dead letters sent again, 1 left, 1 sent again too often before, over: all that are left stay',
    ]);
    expect(code).toBe(0);
  });

  it('goes on by itself after Ctrl-C, and says how to see and to stop it', async () => {
    const { code, said } = await call({}, [running], AbortSignal.abort());
    expect(code).toBe(130);
    expect(said.at(-1)).toContain('--stop ends it');
  });

  it.each([
    [{ stop: true }, { stop: true }],
    [{ status: true }, { status: true }],
  ])('%j asks once', async (options, wish) => {
    expect((await call(options, [running])).asked).toEqual([wish]);
  });

  it('says how it would go, and sends nothing', async () => {
    const would = {
      left: 31,
      sampled: 31,
      matching: 15,
      skipped: { otherReason: 16 },
      reasons: [{ reason: 'maxAttempts', letters: 15 }],
      perSecond: 1.5,
    };
    const { asked, said, out } = await call({ dryRun: true, reason: 'maxAttempts' }, [would]);
    expect(asked).toEqual([{ reason: 'maxAttempts', dryRun: true }]);
    expect(out[1]).toBe('     15  maxAttempts');
    expect(said).toEqual([
      'a: 31 dead letters; 15 would be sent again, at most 1.5 a second, 16 of another reason; nothing was sent',
    ]);
  });

  it('is asked for one thing at a time', async () => {
    await expect(call({ stop: true, status: true }, [])).rejects.toMatchObject({ exitCode: 2 });
  });
});
