import { constantDurations, lognormalDurations } from '../../simulator/spread/durations.ts';
import { evenInPhase, POLICIES, type Policy, slotsInPhase } from '../../simulator/spread/policies.ts';
import { peakRatios, type Scene } from '../../simulator/spread/trial.ts';
import type { Findings, Goal, Row } from '../row.ts';
import { median } from '../statistics.ts';

const SEEDS = 30;

const SHORT = { count: 1_000, window: { minSeconds: 10, maxSeconds: 100 } };
const LONG = { count: 10_000, window: { minSeconds: 0, maxSeconds: 900 } };
const SMALL = { count: 50, window: { minSeconds: 10, maxSeconds: 100 } };
const CONSTANT = constantDurations(3);
const LOGNORMAL = lognormalDurations(3, 0.5);

const SCENES: readonly Scene[] = [CONSTANT, LOGNORMAL].flatMap((durations) => [
  { bursts: 1, ...SHORT, durations },
  { bursts: 1, ...LONG, durations },
  { bursts: 2, ...SHORT, durations },
  { bursts: 20, ...SMALL, durations },
]);

/** The most that a policy's median peak may be, as a multiple of the ideal. */
const GOALS: readonly {
  readonly policy: Policy;
  readonly durations: Scene['durations'];
  readonly most: number;
}[] = [
  { policy: evenInPhase, durations: CONSTANT, most: 1.1 },
  { policy: evenInPhase, durations: LOGNORMAL, most: 1.4 },
  { policy: slotsInPhase, durations: LOGNORMAL, most: 1.15 },
];

/** How flat bursts become. */
export const peaks: Row = {
  name: 'peaks',
  title: 'Peaks of bursts',
  compared:
    'The most tasks that run at once, as a multiple of the ideal, `N · d / (W + d)` for N tasks of d seconds whose starts ' +
    `are spread over W: median, lowest and highest of ${SEEDS} seeds. On a virtual clock: sending takes time, up to 32 calls ` +
    'at once of 5 to 10 ms each, one in twenty up to 60 ms late; messages come out up to 100 ms after they are due; the ' +
    'pipeline has any number of slots. `in phase` is Sluice, planned and sent by the trigger’s own code: `even` where nobody ' +
    'knows beforehand how long a task takes, `slots` where the tasks say so.',
  async run() {
    const measured: Measured[] = [];
    for (const scene of SCENES) {
      const ratios = new Map<Policy, readonly number[]>();
      for (const policy of POLICIES) ratios.set(policy, await peakRatios(policy, scene, SEEDS));
      measured.push({ scene, ratios });
    }
    return findings(measured);
  },
};

interface Measured {
  readonly scene: Scene;
  readonly ratios: ReadonlyMap<Policy, readonly number[]>;
}

function findings(measured: readonly Measured[]): Findings {
  return {
    tables: [
      {
        columns: ['bursts', 'tasks take', ...POLICIES.map(({ name }) => name)],
        lines: measured.map(({ scene, ratios }) => [
          sceneText(scene),
          scene.durations.name,
          ...POLICIES.map((policy) => ratioText(ratios.get(policy) ?? [])),
        ]),
      },
    ],
    notes: [
      'Random whole seconds are what a loop over `DelaySeconds: random(min, max)` does. Even whole seconds are even only ' +
        'until delivery jitters: all tasks of one second start within a tenth of it, so those of the second before that are ' +
        'about to end still run beside them; and bursts of the same moment start their tasks in the same seconds.',
      'The ideal of several bursts is that of all their tasks together. Each has a random phase of its own and knows nothing ' +
        'of the others.',
    ],
    goals: GOALS.flatMap((goal) =>
      measured
        .filter(({ scene }) => scene.bursts === 1 && scene.durations === goal.durations)
        .map(({ scene, ratios }) => goalOf(goal, scene, ratios.get(goal.policy) ?? [])),
    ),
  };
}

function goalOf({ policy, most }: (typeof GOALS)[number], scene: Scene, ratios: readonly number[]): Goal {
  const ratio = median(ratios);
  return {
    goal: `${policy.name}: median peak of ${sceneText(scene)}, ${scene.durations.name}, at most ${most.toFixed(2)} × ideal`,
    measured: ratio.toFixed(3),
    met: ratio <= most,
  };
}

function sceneText({ bursts, count, window }: Scene): string {
  const { minSeconds, maxSeconds } = window;
  const tasks = `${count.toLocaleString('en-US')} over ${maxSeconds - minSeconds + 1} s`;
  return bursts === 1 ? tasks : `${bursts} of ${tasks}`;
}

function ratioText(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}
