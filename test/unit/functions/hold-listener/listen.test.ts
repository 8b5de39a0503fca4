import { describe, expect, it } from '@jest/globals';
import type { LifecycleInput, Ports } from '../../../../aws/ports.ts';
import type { GroupState } from '../../../../core/flow/hold.ts';
import { AWS_TIMINGS } from '../../../../core/stage-settings.ts';
import { type HoldEvent, listen } from '../../../../functions/hold-listener/listen.ts';

const NOW_MS = Date.UTC(2026, 0, 1);

/** Step Functions and EventBridge as the listener sees them; `refuse` names pipelines that it gets no answer for. */
function portsThat({
  starts = [],
  events = [],
  pulls = [],
}: {
  starts?: string[];
  events?: string[];
  pulls?: string[];
} = {}) {
  const started = new Map<string, LifecycleInput>();
  const told: [string, unknown][] = [];
  const holds = new Map<string, GroupState>();
  /** Whose starts were pulled back, from when to when in seconds, and how long it slept in between. */
  const pulled: unknown[] = [];
  const ports = {
    clock: { nowMs: () => NOW_MS, sleep: async (ms: number) => void pulled.push(ms) },
    holds: { read: async (pipelineId: string) => holds.get(pipelineId) },
    flow: {
      async pullTurns(pipelineId: string, endedMs: number, untilMs: number) {
        if (pulls.includes(pipelineId)) throw new Error('no answer');
        const seconds = (ms: number) => (ms === 0 ? 0 : Math.floor((ms - NOW_MS) / 1000));
        pulled.push([pipelineId, seconds(endedMs), seconds(untilMs)]);
      },
    },
    executions: {
      async start(name: string, input: LifecycleInput) {
        if (starts.includes(input.pipelineId)) throw new Error('throttled');
        const known = started.has(name);
        started.set(name, input);
        return known ? 'already' : 'started';
      },
    },
    events: {
      async publish(detailType: string, detail: Record<string, unknown>) {
        if (events.includes(String(detail.pipelineId))) throw new Error('no answer');
        told.push([detailType, detail.to]);
      },
    },
    log: { info() {}, warn() {} },
  };
  return { ports: ports as unknown as Ports, started, told, holds, pulled };
}

function held(seconds: number): GroupState {
  const untilMs = NOW_MS + seconds * 1000 + 0.5;
  return { hold: { sinceMs: NOW_MS, untilMs, cause: 'throttled', guesses: 0 } };
}

function event(
  pipelineId: string,
  number: string,
  after: GroupState | undefined,
  more: Partial<HoldEvent> = {},
) {
  const numbers = { eventId: `e${number}`, sequenceNumber: number };
  return { pipelineId, before: undefined, after, isExpiry: false, ...numbers, ...more };
}

describe('listen', () => {
  it('starts a run now and two for the end of a long hold, and tells of it', async () => {
    const { ports, started, told } = portsThat();
    expect(await listen([event('a', '1', held(600))], ports, AWS_TIMINGS)).toEqual({ batchItemFailures: [] });
    expect(Object.fromEntries(started)).toEqual({
      'a-hold-e1': { pipelineId: 'a', verify: false, reason: 'group hold changed' },
      'a-wake-1767226200001': {
        pipelineId: 'a',
        verify: false,
        reason: 'hold is over',
        wakeAt: '2026-01-01T00:09:17.000Z',
      },
      'a-over-1767226200001': {
        pipelineId: 'a',
        verify: false,
        reason: 'hold is over',
        wakeAt: '2026-01-01T00:10:02.000Z',
      },
    });
    expect(told).toEqual([['Group hold changed', 'held']]);
  });

  it('starts nothing twice, however often it is told: one wake for each end', async () => {
    const { ports, started } = portsThat();
    const twice = [event('a', '1', held(600)), event('a', '2', held(600)), event('a', '1', held(600))];
    await listen(twice, ports, AWS_TIMINGS);
    expect([...started.keys()].sort()).toEqual([
      'a-hold-e1',
      'a-hold-e2',
      'a-over-1767226200001',
      'a-wake-1767226200001',
    ]);
  });

  it.each([
    ['no run can be started', { starts: ['b', 'd'] }],
    ['nobody can be told', { events: ['b', 'd'] }],
  ])('asks for the batch from the first record for which %s, and does all others', async (_what, refuse) => {
    const { ports, started } = portsThat(refuse);
    const events = ['a', 'b', 'c', 'd'].map((id, index) => event(id, String(99 + index), held(600)));
    expect(await listen(events, ports, AWS_TIMINGS)).toEqual({
      batchItemFailures: [{ itemIdentifier: '100' }],
    });
    expect([...started.keys()]).toEqual(expect.arrayContaining(['a-hold-e99', 'c-hold-e101']));
  });

  it('pulls back the starts of holds that somebody has ended, and once more when all have heard of it', async () => {
    const { ports, holds, pulled } = portsThat();
    holds.set('b', held(30));
    const ended = ['a', 'b'].map((id, index) => event(id, `${index}`, undefined, { before: held(600) }));
    await listen([...ended, event('c', '3', held(600))], ports, AWS_TIMINGS);
    const both = [
      ['a', 600, 0],
      ['b', 600, 30],
    ];
    expect(pulled).toEqual([...both, 2_000, ...both]);
  });

  it('asks for a record again whose starts could not be pulled back', async () => {
    const { ports, told } = portsThat({ pulls: ['b'] });
    const ended = ['a', 'b'].map((id, index) =>
      event(id, `${100 + index}`, undefined, { before: held(600) }),
    );
    expect(await listen(ended, ports, AWS_TIMINGS)).toEqual({
      batchItemFailures: [{ itemIdentifier: '101' }],
    });
    expect(told).toEqual([['Group hold changed', 'free']]);
  });

  it('does nothing about what DynamoDB has removed for its age', async () => {
    const { ports, started, told, pulled } = portsThat();
    const expiry = event('a', '1', undefined, { before: held(600), isExpiry: true });
    expect(await listen([expiry], ports, AWS_TIMINGS)).toEqual({ batchItemFailures: [] });
    expect([started.size, told, pulled]).toEqual([0, [], []]);
  });
});
