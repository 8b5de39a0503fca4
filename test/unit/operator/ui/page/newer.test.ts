import { expect, it } from '@jest/globals';
import { eventKey, withNewer } from '../../../../../operator/ui/page/events/newer.ts';

const event = (atMs: number, says = 'opened') => ({ atMs, what: 'Breaker', says, detail: {} });

it('events that were read twice are there once, the newest first, and those that are too old are gone', () => {
  const before = [event(50), event(40), event(10)];
  expect(withNewer(before, [event(60), event(50), event(45)], 20)).toEqual([
    event(60),
    event(50),
    event(45),
    event(40),
  ]);
});

it('nothing new leaves what there was', () => {
  expect(withNewer([event(50), event(40)], [], 0)).toEqual([event(50), event(40)]);
});

it('two things of one moment are two', () => {
  const detail = { of: 'b' };
  expect(withNewer([event(1)], [event(1, 'closed'), { ...event(1), detail }], 0)).toHaveLength(3);
  expect(eventKey(event(1))).toBe(eventKey({ ...event(1) }));
});
