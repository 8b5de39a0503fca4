import type { Spread } from '../../../core/config-record.ts';
import type { PipelineBounds } from '../../../core/spread/plan.ts';
import { constantDurations, lognormalDurations } from '../../simulator/spread/durations.ts';
import { type Errors, type Summary, summarize } from '../predictions/errors.ts';
import { KNOWLEDGE, type Knowledge } from '../predictions/knowledge.ts';
import { type Trial, tryScene } from '../predictions/trial.ts';
import type { Findings, Goal, Row, Table } from '../row.ts';

const SEEDS = 30;
const COUNT = 600;
const SIGMA = 0.5;

const MOST_FINISH_ERROR = 0.1;
const MOST_PEAK_ERROR = 0.1;
const LEAST_IN_RANGE = 0.9;

interface Named<T> {
  readonly name: string;
  readonly value: T;
}

const GOALS: readonly Named<Spread | undefined>[] = [
  { name: 'none', value: undefined },
  { name: 'from 10 to 100 s', value: { minSeconds: 10, maxSeconds: 100 } },
  { name: 'at most 8 at once', value: { maxConcurrency: 8 } },
  { name: 'over within 300 s', value: { finishWithinSeconds: 300 } },
];

const SLOTS: PipelineBounds = { concurrency: 10, rateLimits: [], backlog: 0 };
const PIPELINES: readonly Named<PipelineBounds>[] = [
  { name: '100 slots', value: { ...SLOTS, concurrency: 100 } },
  { name: '10 slots', value: SLOTS },
  { name: '10 slots, 200 before it', value: { ...SLOTS, backlog: 200 } },
  {
    name: '40 starts in 10 s, 50 slots',
    value: { ...SLOTS, concurrency: 50, rateLimits: [{ tasks: 40, perSeconds: 10 }] },
  },
];

const SHAPES = [
  { name: 'all the same', of: constantDurations },
  { name: `lognormal, σ ${SIGMA}`, of: (mean: number) => lognormalDurations(mean, SIGMA) },
];

/** One case, over all seeds. */
interface Case {
  readonly goal: string;
  readonly pipeline: string;
  readonly knowledge: Knowledge;
  readonly shape: string;
  readonly trials: readonly Trial[];
}

/** How right a plan is about what it predicts. */
export const predictions: Row = {
  name: 'predictions',
  title: 'How right predictions are',
  compared:
    `What the trigger’s planner says of ${COUNT} tasks, against what a simulated pipeline then makes of them: error as a ` +
    `share of the truth, median (worst) of ${SEEDS} seeds each; how often the finish lay within the stated range, how long ` +
    'that range is, as a share of the finish, and how often the peak was no higher than predicted. Tasks take 3 s on ' +
    'average; they are sent in phase, come out up to 100 ms late, and start by the pipeline’s slots (five at first and five ' +
    'more a second, as AWS adds them; 25 ms between two tasks) and by its ledger of starts. Beside it the back of an ' +
    'envelope, which knows the same of a task’s time `d`: over after the longest of window (or deadline), N · d ÷ ' +
    'concurrency and N ÷ rate; N · d ÷ that at once.',
  async run() {
    return findings([...runCases()]);
  },
};

function* runCases(): Generator<Case, void> {
  const seeds = Array.from({ length: SEEDS }, (_, at) => at + 1);
  for (const knowledge of KNOWLEDGE) {
    for (const shape of SHAPES) {
      const durations = shape.of(knowledge.meanSeconds);
      for (const goal of GOALS) {
        for (const { name, value: bounds } of PIPELINES) {
          const scene = { count: COUNT, goal: goal.value, bounds, knowledge, durations };
          const trials = seeds.map((seed) => tryScene(scene, seed));
          yield { goal: goal.name, pipeline: name, knowledge, shape: shape.name, trials };
        }
      }
    }
  }
}

function findings(cases: readonly Case[]): Findings {
  const known = cases.filter(({ knowledge }) => knowledge.isKnown);
  return {
    tables: [
      tableOf(['goal', 'pipeline'], known, ({ goal, pipeline }) => [goal, pipeline]),
      tableOf(['known of its tasks', 'they take'], cases, ({ knowledge, shape }) => [knowledge.name, shape]),
    ],
    notes: [
      'The first table is of all that is known or measured (the first four kinds of the second table); the second one of all ' +
        'goals and pipelines. Where a goal is out of reach the nearest plan is sent.',
      'A pipeline has measured 200 tasks before. Tasks that say their bytes take what those come to, give or take a fifth ' +
        '(lognormal, σ 0.2).',
      'Where tasks say what they take, a plan has a start where each slot comes free. A task that takes longer than it says ' +
        'then overlaps the next one, and a start that the rate limit puts off overlaps those of other slots: the peak is two ' +
        'or three higher than planned. Nothing in a burst says how far its tasks’ sayings are off, so the prediction has no ' +
        'allowance for it. Where nothing is known the range is as wide as that: a quarter to four times the default.',
    ],
    goals: goalsOf(cases, known),
  };
}

function goalsOf(cases: readonly Case[], known: readonly Case[]): Goal[] {
  const finish = worstOf(known, (case_) => summarize(case_.trials).finish.median);
  const all = summarize(known.flatMap(({ trials }) => trials));
  const bySource = groupsOf(cases, ({ knowledge, shape }) => `${knowledge.name}, ${shape}`);
  const inRange = [...bySource].map(([name, trials]) => ({ name, share: summarize(trials).inRange }));
  const least = inRange.reduce((a, b) => (b.share < a.share ? b : a));
  return [
    {
      goal: `finish: median error at most ${percent(MOST_FINISH_ERROR)} in every case where times are known or measured`,
      measured: `${percent(finish.value)} at most (${textOf(finish.case_)})`,
      met: finish.value <= MOST_FINISH_ERROR,
    },
    {
      goal: `finish: within the stated range in at least ${percent(LEAST_IN_RANGE)}, whatever is known`,
      measured: `${percent(least.share)} at least (${least.name})`,
      met: least.share >= LEAST_IN_RANGE,
    },
    ...KNOWLEDGE.filter(({ isKnown }) => isKnown).map((knowledge) => peakGoal(knowledge, known)),
    better('finish', all),
    better('peak', all),
  ];
}

function peakGoal({ name }: Knowledge, known: readonly Case[]): Goal {
  const cases = known.filter(({ knowledge }) => knowledge.name === name);
  const { median } = summarize(cases.flatMap(({ trials }) => trials)).peak;
  const worst = worstOf(cases, ({ trials }) => summarize(trials).peak.median);
  return {
    goal: `peak: median error at most ${percent(MOST_PEAK_ERROR)} over all goals and pipelines; ${name}`,
    measured: `${percent(median)}; the worst case of them ${percent(worst.value)} (${textOf(worst.case_)})`,
    met: median <= MOST_PEAK_ERROR,
  };
}

function better(what: 'finish' | 'peak', all: Summary): Goal {
  const [ours, theirs] = [all[what].median, all.envelope[what].median];
  return {
    goal: `${what}: median error no larger than that of the envelope, times known or measured`,
    measured: `${percent(ours)} against ${percent(theirs)}`,
    met: ours <= theirs,
  };
}

function worstOf(cases: readonly Case[], figureOf: (one: Case) => number) {
  const found = cases.map((case_) => ({ case_, value: figureOf(case_) }));
  return found.reduce((a, b) => (b.value > a.value ? b : a));
}

function textOf({ goal, pipeline, knowledge, shape }: Case): string {
  return [`goal: ${goal}`, pipeline, knowledge.name, shape].join('; ');
}

function groupsOf(cases: readonly Case[], keyOf: (one: Case) => string): ReadonlyMap<string, Trial[]> {
  const groups = new Map<string, Trial[]>();
  for (const one of cases) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), ...one.trials]);
  return groups;
}

const BETWEEN = '\n';

function tableOf(names: readonly string[], cases: readonly Case[], cells: (one: Case) => string[]): Table {
  const groups = groupsOf(cases, (one) => cells(one).join(BETWEEN));
  return {
    columns: [
      ...names,
      'finish',
      'in range',
      'its length',
      'envelope',
      'peak',
      'no higher',
      'envelope’s peak',
    ],
    lines: [...groups].map(([key, trials]) => [...key.split(BETWEEN), ...figures(summarize(trials))]),
  };
}

function figures({ finish, inRange, rangeLength, peak, notAbove, envelope }: Summary): string[] {
  return [
    errorText(finish),
    percent(inRange),
    percent(rangeLength),
    errorText(envelope.finish),
    errorText(peak),
    percent(notAbove),
    errorText(envelope.peak),
  ];
}

function errorText({ median, worst }: Errors): string {
  return `${percent(median)} (${percent(worst)})`;
}

/** Whole ones from ten on. */
function percent(share: number): string {
  const value = share * 100;
  return `${value >= 9.95 || value < 0.005 ? value.toFixed(0) : value.toFixed(1)} %`;
}
