import { describe, expect, it } from '@jest/globals';
import * as events from '../../../../../operator/cli/commands/events.ts';
import * as logs from '../../../../../operator/cli/commands/logs.ts';
import { followLines } from '../../../../../operator/cli/logs/follow-lines.ts';
import { logLineWords } from '../../../../../operator/cli/logs/line-words.ts';
import { plain } from '../../../../../operator/cli/terminal.ts';
import { typed } from '../typed.ts';

const atMs = Date.UTC(2026, 10, 21, 12, 3, 4, 56);
const ids = { pipelineId: 'a', messageId: '0123456789', requestId: 'r', receives: 1 };

describe('a line of a consumer in words', () => {
  it.each<[string, Record<string, unknown>, string | undefined]>([
    [
      'of a task',
      { sluice: 'task', level: 'info', outcome: 'returned', fate: 'done', durationMs: 1_250, ...ids },
      '12:03:04.056 info  task 01234567 returned → done after 1,250 ms',
    ],
    [
      'of a task that failed',
      {
        sluice: 'task',
        level: 'error',
        outcome: 'threw',
        fate: 'retry',
        attempt: 2,
        refusedAtMs: [1, 2],
        durationMs: 65_000,
        delaySeconds: 8,
        error: { name: 'TypeError', message: 'no\npage', stack: 'long' },
        ...ids,
      },
      '12:03:04.056 error task 01234567 threw → retry after 1 min 5 s attempt 2 refused 2 times  TypeError: no page  delaySeconds=8',
    ],
    [
      'of a handler',
      { sluice: 'log', level: 'info', message: 'worked', page: 7, tags: ['a'], ...ids },
      '12:03:04.056 info  worked  page=7  tags=["a"]',
    ],
    ['that is no JSON', { message: 'Task timed out' }, '12:03:04.056 info  Task timed out'],
    ['that only metrics need', { sluice: 'metrics', Done: 1 }, undefined],
  ])('%s', (_, line, words) => expect(logLineWords({ ...line, atMs }, plain)).toBe(words));
});

describe('following lines', () => {
  const line = (at: number, text = `${at}`) => ({ atMs: at, text });

  it('shows each once, also one that comes late', async () => {
    const shown: string[] = [];
    const ending = new AbortController();
    const reads = [
      [line(1_000), line(2_000)],
      [line(1_000), line(1_500), line(2_000), line(3_000)],
    ];
    const sinceMs: number[] = [];
    await followLines(
      async (fromMs) => {
        sinceMs.push(fromMs);
        const read = reads.shift() ?? [];
        if (reads.length === 0) ending.abort();
        return read;
      },
      ({ text }) => void shown.push(text),
      500,
      true,
      ending.signal,
    );
    expect(shown).toEqual(['1000', '2000', '1500', '3000']);
    expect(sinceMs).toEqual([500, 500]);
  }, 10_000);

  it('takes as many lines at once as there are', async () => {
    const ending = new AbortController();
    const many = Array.from({ length: 200_000 }, (_, at) => ({ atMs: at }));
    const read = async () => {
      ending.abort();
      return many;
    };
    let shown = 0;
    const show = () => {
      shown += 1;
    };
    await followLines(read, show, 0, true, ending.signal);
    expect(shown).toBe(many.length);
  });

  it('ends after what was there where nobody follows', async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      return [line(1), line(1), line(1, 'other')];
    };
    const shown: string[] = [];
    await followLines(read, ({ text }) => void shown.push(text), 0, false, new AbortController().signal);
    expect([reads, shown]).toEqual([1, ['1', 'other']]);
  });
});

describe('sluice logs', () => {
  const lines = [{ atMs, sluice: 'log', level: 'info', message: 'worked', ...ids }];
  const call = (options: object, found: readonly object[] = lines) => {
    const asked: unknown[] = [];
    const desk = {
      show: async () => ({}) as never,
      logs: async (id: string, sinceMs: number) => {
        asked.push([id, Math.round((Date.now() - sinceMs) / 1000)]);
        return found as never;
      },
    };
    return typed(logs, { args: ['a'], options: { ...options }, desk }).then((one) => ({ ...one, asked }));
  };

  it('shows ten minutes, or as many as it is told', async () => {
    expect(await call({})).toMatchObject({ asked: [['a', 600]], out: ['12:03:04.056 info  worked'] });
    expect((await call({ since: 60 })).asked).toEqual([['a', 60]]);
  });

  it('writes JSON for programs', async () => {
    const { out } = await call({ json: true });
    expect(out.map((text) => JSON.parse(text))).toEqual(lines);
  });

  it('says where there is nothing', async () => {
    expect((await call({}, [])).said[0]).toContain('a has written nothing since');
  });
});

describe('sluice events', () => {
  const event = { atMs, what: 'Group hold changed', pipelineId: 'a', says: 'held no more', detail: {} };

  it('shows what the system did, the oldest first', async () => {
    const later = { ...event, atMs: atMs + 1, pipelineId: undefined, says: 'tick' };
    const { out } = await typed(events, { desk: { events: async () => [later as never, event] } });
    expect(out).toEqual(['12:03:04.056 a  held no more', '12:03:04.057 tick']);
  });

  it('shows below a change what it has changed', async () => {
    const settled = {
      ...event,
      says: 'Active, 6 s after update began',
      changes: [
        { path: 'concurrency', from: 4, to: 10 },
        { path: 'rateLimit.tasks', to: 5 },
        { path: 'breaker', from: {} },
        { path: 'environment.KEY', says: 'changed' as const },
        { path: 'environment.OLD', says: 'removed' as const },
      ],
      moreChanges: 2,
    };
    const desk = { events: async () => [settled] };
    expect((await typed(events, { desk })).out.join('\n').split('\n')).toEqual([
      '12:03:04.056 a  Active, 6 s after update began',
      '    ~ concurrency: 4 → 10',
      '    + rateLimit.tasks: 5',
      '    - breaker: {}',
      '    ~ environment.KEY: changed',
      '    - environment.OLD',
      '    and 2 fields more',
    ]);
    const { out } = await typed(events, { desk, options: { json: true } });
    expect(out.map((text) => JSON.parse(text))).toEqual([settled]);
  });
});
