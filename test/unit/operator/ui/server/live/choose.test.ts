import { describe, expect, it } from '@jest/globals';
import { chooseLooks, LOOKS_A_TICK, readEveryMs } from '../../../../../../operator/ui/server/live/choose.ts';

const all = Array.from({ length: 5_000 }, (_one, at) => `p${at}`);

describe('which queues are looked at', () => {
  it('never more than the same few, however many pipelines there are', () => {
    for (const inSight of [new Set<string>(), new Set(all.slice(0, 30)), new Set(all)]) {
      expect(chooseLooks(all, inSight, 7).pipelineIds).toHaveLength(LOOKS_A_TICK);
    }
  });

  it('those in sight each time', () => {
    const inSight = new Set(all.slice(4_000, 4_030));
    expect(chooseLooks(all, inSight, 0).pipelineIds).toEqual(expect.arrayContaining([...inSight]));
  });

  it('all others in turn', () => {
    const seen = new Set<string>();
    const inSight = new Set(all.slice(0, 30));
    let cursor = 0;
    for (let tick = 0; tick < all.length / (LOOKS_A_TICK - 30) + 1; tick += 1) {
      const chosen = chooseLooks(all, inSight, cursor);
      cursor = chosen.cursor;
      for (const id of chosen.pipelineIds) seen.add(id);
    }
    expect(seen.size).toBe(all.length);
  });

  it('each once where there are few', () => {
    expect(chooseLooks(['a', 'b'], new Set(['b']), 5).pipelineIds).toEqual(['b', 'a']);
    expect(chooseLooks([], new Set(['b']), 5).pipelineIds).toEqual([]);
  });
});

it.each([
  [0, 2_000],
  [1_000, 2_000],
  [1_001, 4_000],
  [5_000, 10_000],
])('all records of %d pipelines are read each %d ms', (pipelines, everyMs) => {
  expect(readEveryMs(pipelines)).toBe(everyMs);
});
