import { describe, expect, it } from '@jest/globals';
import { estimatorOf, measureCount } from '../../../../../core/burst/measure.ts';
import { planMeasured } from '../../../../../core/burst/plan-measured.ts';
import type { BurstProgress } from '../../../../../core/burst/progress.ts';
import { planWaves } from '../../../../../core/release/plan.ts';
import { NO_COUNTS } from '../../../../../core/release/record.ts';
import { onGrid } from '../../../../../operator/ui/page/bursts/curves.ts';
import { plannedShare, sharesOf, withFormer } from '../../../../../operator/ui/page/bursts/progress-of.ts';
import {
  fromSlider,
  goalOf,
  NO_OUTLOOK,
  SLIDER_STEPS,
  toSlider,
  tryOut,
  tryRest,
} from '../../../../../operator/ui/page/bursts/try-out.ts';
import { deedsOf, movedShare, wavesOf } from '../../../../../operator/ui/page/rollouts/steps.ts';
import { createFakeDesk } from '../fake-desk.ts';

const SLIDERS = {
  way: 'none',
  minSeconds: 5,
  maxSeconds: 30,
  maxConcurrency: 4,
  finishWithinSeconds: 60,
} as const;

describe('a spread that is tried out', () => {
  const trial = { count: 30, taskSeconds: 1, outlook: NO_OUTLOOK };

  it.each([
    ['none', undefined],
    ['window', { minSeconds: 5, maxSeconds: 30 }],
    ['peak', { maxConcurrency: 4 }],
    ['finish', { finishWithinSeconds: 60 }],
  ] as const)('by %s asks the planner for %j', (way, goal) => {
    expect(goalOf({ ...SLIDERS, way })).toEqual(goal);
  });

  it('the curve stays under the predicted peak and ends at the predicted finish', () => {
    const { plan, curve } = tryOut({ ...trial, goal: { minSeconds: 0, maxSeconds: 100 } });
    expect(Math.max(...curve.map(({ running }) => running))).toBeLessThanOrEqual(
      plan.predicted.peakConcurrency,
    );
    expect(curve.at(-1)?.atSeconds).toBeCloseTo(plan.predicted.finishSeconds);
  });

  it('a goal that cannot be reached is said to be so', () => {
    const { impossible } = tryOut({ ...trial, count: 10_000, goal: { finishWithinSeconds: 10 } });
    expect(impossible).toMatch(/\d/);
  });

  it('without a goal the record’s own spread counts', () => {
    const { plan } = tryOut({
      ...trial,
      goal: undefined,
      outlook: { ...NO_OUTLOOK, spread: { minSeconds: 0, maxSeconds: 500 } },
    });
    expect(plan.window.maxSeconds).toBe(500);
  });

  it('what is left of a burst is planned as the burst function does: by what was known, and its own goal alone', () => {
    // Whatever the pipeline's tasks take by now, and whatever its record says of bursts.
    const outlook = {
      ...NO_OUTLOOK,
      spread: { minSeconds: 0, maxSeconds: 500 },
      measured: { meanSeconds: 60, p95Seconds: 90 },
    };
    const known = { measured: { meanSeconds: 3, p95Seconds: 6 }, timeoutSeconds: 900 };
    const measured = measureCount(300, estimatorOf({ known }));
    for (const goal of [undefined, { minSeconds: 0, maxSeconds: 90 }, { maxConcurrency: 4 }]) {
      const planned = planMeasured(measured, goal, outlook.bounds, () => 0.5);
      expect(tryRest({ count: 300, goal, estimate: measured.estimate, outlook }).plan).toEqual(planned.plan);
    }
  });
});

describe('a slider', () => {
  it('reaches both ends, and gives back what it was set to', () => {
    expect([fromSlider(0, 1, 1e6), fromSlider(SLIDER_STEPS, 1, 1e6)]).toEqual([1, 1e6]);
    expect(fromSlider(SLIDER_STEPS, 1, 86_400)).toBe(86_400);
    for (const value of [1, 30, 200, 5_000, 120_000]) {
      const again = fromSlider(toSlider(value, 1, 1e6), 1, 1e6);
      expect(Math.abs(again - value) / value).toBeLessThan(0.06);
    }
  });
});

describe('how far a burst is', () => {
  const totals = {
    total: 100,
    sent: 80,
    refused: 0,
    started: 45,
    running: 5,
    done: 35,
    failed: 0,
    deadLettered: 5,
    unaccounted: 0,
  };
  it('its parts are those of its tasks', () => {
    expect(sharesOf({ totals })).toEqual({ done: 0.35, deadLettered: 0.05, running: 0.05, waiting: 0.35 });
  });
  it('its plan says where it should be', () => {
    const predicted = { finishMs: 2_000, finishFromMs: 0, finishToMs: 0, peakConcurrency: 1 };
    expect(plannedShare({ startMs: 1_000, atMs: 1_250, predicted })).toBe(0.25);
    expect(plannedShare({ startMs: 1_000, atMs: 9_000, predicted })).toBe(1);
  });
  it('one that is over stays on the page, and is read once more', () => {
    const burst = (burstId: string, startMs: number, state = 'Sent') =>
      ({ burstId, startMs, state }) as BurstProgress;
    const first = withFormer([], [burst('a', 1), burst('b', 2)]);
    expect([first.bursts.map(({ burstId }) => burstId), first.gone]).toEqual([['b', 'a'], []]);
    const second = withFormer([burst('a', 1), burst('b', 2), burst('c', 0, 'Ended')], [burst('b', 2)]);
    expect([second.bursts.map(({ burstId }) => burstId), second.gone]).toEqual([['b', 'a', 'c'], ['a']]);
  });

  it('its curves come at the same moments: the predicted one as a line, the actual one in steps', () => {
    const predicted = [0, 10, 0].map((running, at) => ({ atSeconds: at * 10, running }));
    const actual = [4, 8, 0].map((running, at) => ({ atSeconds: 2 + at * 4, running }));
    const grid = onGrid(predicted, actual);
    const at = (seconds: number) => Math.round((seconds / 20) * (grid.atSeconds.length - 1));
    expect(grid.predicted[at(5)]).toBeCloseTo(5);
    expect([grid.actual[at(0)], grid.actual[at(4)], grid.actual[at(8)], grid.actual[at(15)]]).toEqual([
      0,
      4,
      8,
      null,
    ]);
    expect(onGrid([], []).predicted.every((value) => value === null)).toBe(true);
  });
});

describe('a rollout', () => {
  it.each([
    ['Checking', ['pause', 'abort']],
    ['Rolling', ['pause', 'abort', 'rollback']],
    ['Done', ['rollback']],
    ['Rejected', ['retry']],
  ] as const)('that is %s can be asked to %j', (state, deeds) => {
    expect(deedsOf({ state, paused: false, from: 'v1', returned: undefined })).toEqual(deeds);
  });
  it('shows which wave is open, and none of one that is over', async () => {
    const [rolling, back] = await createFakeDesk().rollouts();
    expect(rolling && wavesOf(rolling).map(({ standing }) => standing)).toEqual([
      'over',
      'over',
      'open',
      'later',
    ]);
    expect(back && wavesOf(back).map(({ standing }) => standing)).toEqual(['over', 'over', 'later', 'later']);
    expect(rolling && movedShare(rolling)).toBeCloseTo(19 / 60);
  });
  it('calls only that wave the canaries in which nobody else is', () => {
    const followers = ['one', 'two', 'three'].map((pipelineId, at) => ({ pipelineId, canary: at === 0 }));
    const waves = planWaves(followers, 'v2', { canaryShare: 0.01, growth: 5 });
    const names = wavesOf({ waves, counts: NO_COUNTS, wave: 0, state: 'Baking' }).map(({ name }) => name);
    expect(names).toEqual(['Canaries', 'to 100 %']);
  });
});
