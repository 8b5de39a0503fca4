import { describe, expect, it } from '@jest/globals';
import { rememberLooks } from '../../../../operator/desk/remember-looks.ts';
import type { Desk } from '../../../../operator/views/desk.ts';
import type { Curves, Overview, QueueLook } from '../../../../operator/views/pipelines.ts';

const NOW = 1_800_000_000_000;
const look = (seconds: number, waiting: number): QueueLook => ({
  atMs: NOW + seconds * 1000,
  waiting,
  running: 0,
  delayed: 0,
  deadLetters: 0,
});
const empty = (steps: number) => new Array<null>(steps).fill(null);
const curvesOf = (waiting: Curves['waiting']): Curves => ({
  fromMs: NOW,
  stepSeconds: 10,
  waiting,
  running: empty(waiting.length),
  p50Seconds: empty(waiting.length),
  p95Seconds: empty(waiting.length),
  throttled: empty(waiting.length),
  done: empty(waiting.length),
});

/** A desk that is looked from at these moments, by the list of all and by looks in turn. */
async function seen(looks: readonly QueueLook[], measured: Curves['waiting'] = empty(6)): Promise<Curves> {
  let next = 0;
  const looking: Pick<Desk, 'overview' | 'look' | 'curves'> = {
    overview: async () => ({ rows: [{ pipelineId: 'a', look: looks[next] }] }) as unknown as Overview,
    look: async () => new Map(looks[next] === undefined ? [] : [['a', looks[next] as QueueLook]]),
    curves: async () => curvesOf(measured),
  };
  const desk = rememberLooks(looking);
  for (next = 0; next < looks.length; next += 1) await (next % 2 === 0 ? desk.overview() : desk.look(['a']));
  return desk.curves('a', 1);
}

describe('how many tasks waited, where nobody measures it', () => {
  it('is what was seen, step by step, from the first look on', async () => {
    const curves = await seen([look(15, 4), look(25, 9), look(55, 0)]);
    expect(curves.waiting).toEqual([null, 4, 9, 9, 9, 0]);
    expect(curves.waitingSinceMs).toBe(NOW + 15_000);
  });

  it('shows a short peak between two looks that are kept', async () => {
    const curves = await seen([look(10, 0), look(12, 50), look(14, 3), look(23, 1)]);
    expect(curves.waiting.slice(0, 3)).toEqual([null, 50, 1]);
  });

  it('begins with what was seen before its first step, and forgets what is an hour old', async () => {
    expect((await seen([look(-30, 7), look(31, 2)])).waiting).toEqual([7, 7, 7, 2, 2, 2]);
    expect((await seen([look(-590, 7)])).waiting).toEqual([7, null, null, null, null, null]);
    expect((await seen([look(-3_590, 7), look(11, 2)])).waitingSinceMs).toBe(NOW + 11_000);
  });

  it('is nothing before anybody has looked, and what is measured where it is', async () => {
    expect(await seen([])).not.toHaveProperty('waitingSinceMs');
    const measured = [1, 2, 3, null, null, null];
    const curves = await seen([look(15, 4)], measured);
    expect(curves.waiting).toEqual(measured);
    expect(curves).not.toHaveProperty('waitingSinceMs');
  });
});
