import { describe, expect, it } from '@jest/globals';
import { runStory } from '../../lab/simulator/run-story.ts';
import type { Action, Deed, Story } from '../../lab/simulator/story.ts';
import type { CallFault } from '../../lab/simulator/world/faults.ts';

/** A story about one pipeline in which nothing goes wrong by chance. */
function plain(
  name: string,
  ...deeds: (readonly [afterSeconds: number, deed: Deed])[]
): Story & { name: string } {
  const actions: Action[] = deeds.map(([afterSeconds, deed]) => ({ afterSeconds, on: 0, deed }));
  return {
    name,
    world: 5,
    first: [{ concurrency: 2, timeoutSeconds: 20 }],
    accountConcurrency: 1000,
    perSecond: 10,
    calm: false,
    slow: false,
    reconcileSlice: 400,
    bakeSeconds: 10,
    actions,
    faults: [],
    storm: undefined,
  };
}

const edit = (fields: Record<string, unknown>): Deed => ({ kind: 'edit', fields });
const send = (count: number, seconds: number): Deed => ({
  kind: 'send',
  count,
  seconds,
  failures: 0,
  delaySeconds: 0,
});

/** Every branch of the lifecycle machine, each in a story of its own. */
const STORIES = [
  plain('create', [100, send(5, 1)]),
  plain(
    'update',
    [100, send(9, 15)],
    [1, edit({ concurrency: 1, timeoutSeconds: 5, memoryMb: 512 })],
    [200, send(3, 1)],
  ),
  plain(
    'from one to many',
    [100, edit({ concurrency: 1 })],
    [100, edit({ concurrency: 3, timeoutSeconds: 60 })],
  ),
  plain(
    'pace',
    [100, edit({ concurrency: 5, rateLimit: { tasks: 10, perSeconds: 2 } })],
    [60, send(9, 4)],
    [1, edit({ concurrency: 1, rateLimit: { tasks: 2, perSeconds: 2 } })],
    [300, send(3, 1)],
  ),
  plain('code sync', [100, edit({ codeVersion: 'v2' })], [60, send(3, 1)]),
  plain('switch', [100, edit({ paused: true })], [60, send(4, 1)], [60, edit({ paused: false })]),
  plain('drain', [100, send(8, 4)], [1, { kind: 'remove' }], [400, send(2, 1)]),
  plain(
    'salvage',
    [100, edit({ paused: true })],
    [100, send(7, 1)],
    [60, { kind: 'remove' }],
    [400, send(1, 1)],
  ),
  plain(
    'discard',
    [100, edit({ onDelete: 'discard' })],
    [100, { kind: 'remove' }],
    [5, edit({})],
    [150, send(2, 1)],
  ),
  plain('added again', [100, send(9, 15)], [1, { kind: 'remove' }], [90, edit({ memoryMb: 512 })]),
];

const FAULTS: readonly CallFault[] = ['error', 'replyLost', 'crashBefore', 'crashAfter'];

describe('a fault at any one call of any step is mended', () => {
  const cases = STORIES.flatMap((story) => FAULTS.map((fault) => ({ story, fault, name: story.name })));

  it.each(cases)(
    '$name: $fault',
    async ({ story, fault }) => {
      for (let call = 1; ; call += 1) {
        const { violations, history } = await runStory({ ...story, faults: [{ on: 0, call, fault }] });
        expect({ call, violations }).toEqual({ call, violations: [] });
        if (history.struck === 0) return expect(call).toBeGreaterThan(20);
      }
    },
    300_000,
  );
});
