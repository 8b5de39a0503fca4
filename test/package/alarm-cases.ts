import type { Samples } from './alarm-state.ts';

/** Samples by the id of the metric; of an alarm on one metric by that metric's name. */
type Told = Readonly<Record<string, Samples>>;

/** What an alarm is for. */
export interface AlarmCase {
  /** Namespace, metric, and whose it is: a resource's name without the stage, or the service that tells it. */
  readonly watches: readonly string[];
  /** By what it is in words. */
  readonly rings: Readonly<Record<string, Told>>;
  readonly quiet: Readonly<Record<string, Told>>;
}

const _ = undefined;

/** An alarm on one metric that is 0 or not told while all is well. */
function anyOf(watched: string, by: Readonly<Record<'rings' | 'quiet', readonly Samples[]>>): AlarmCase {
  const name = watched.split(' ')[1] ?? '';
  const cases = (list: readonly Samples[]) =>
    Object.fromEntries(list.map((samples) => [JSON.stringify(samples), { [name]: samples }]));
  return { watches: [watched], rings: cases(by.rings), quiet: cases(by.quiet) };
}

const kept = (queue: string) =>
  anyOf(`AWS/SQS ApproximateNumberOfMessagesVisible ${queue}`, {
    // Kept for two weeks: an average or a sum of hours would come late, or never be over.
    rings: [[0, 0, 1], [[0, 1]], [3, 3]],
    quiet: [
      [0, 0],
      [1, 0],
      [_, _],
    ],
  });
const counted = (watched: string) =>
  anyOf(watched, {
    rings: [[0, 1], [[0, 0, 2]], [_, 1]],
    quiet: [
      [0, 0],
      [5, 0],
      [_, _],
    ],
  });
const told = (metric: string) => counted(`Sluice ${metric} sluice`);

/** One of an expression's metrics with such samples, the others saying nothing. */
function each(ids: readonly string[], samples: Samples): Readonly<Record<string, Told>> {
  return Object.fromEntries(
    ids.map((id) => [
      `${id}: ${JSON.stringify(samples)}`,
      Object.fromEntries(ids.map((one) => [one, one === id ? samples : samples.map(() => _)])),
    ]),
  );
}

/** Any of several, each a count that is told only where there is something to tell. */
function anyOfSeveral(watches: Readonly<Record<string, string>>): AlarmCase {
  const ids = Object.keys(watches);
  return {
    watches: Object.values(watches),
    rings: { ...each(ids, [_, 1]), ...each(ids, [0, [0, 2]]) },
    quiet: { ...each(ids, [0, 0]), ...each(ids, [_, _]), ...each(ids, [1, 0]) },
  };
}

const broken = (machine: string) =>
  anyOfSeveral({
    failed: `AWS/States ExecutionsFailed ${machine}`,
    timedOut: `AWS/States ExecutionsTimedOut ${machine}`,
    aborted: `AWS/States ExecutionsAborted ${machine}`,
  });
const throttled = (functions: Readonly<Record<string, string>>) =>
  anyOfSeveral(
    Object.fromEntries(Object.entries(functions).map(([id, name]) => [id, `AWS/Lambda Throttles ${name}`])),
  );

/** Every alarm of a stage as it comes, by its name without the stage. */
export const ALARM_CASES: Readonly<Record<string, AlarmCase>> = {
  'config-failures': kept('config-failures'),
  'hold-failures': kept('hold-failures'),
  'burst-failures': kept('burst-failures'),
  'code-failures': kept('code-failures'),
  'async-failures': kept('async-failures'),
  'lifecycle-failed': broken('pipeline-lifecycle'),
  'rollout-failed': broken('code-rollout'),
  'redrive-failed': broken('redrive'),
  'burst-failed': broken('burst'),
  'reconciler-silent': anyOf('AWS/Lambda Invocations reconciler', {
    rings: [
      [_, _],
      [5, 0, 0],
      [_, _, 0],
    ],
    quiet: [
      [5, 5],
      [0, [1, 1, 1]],
      [5, 0],
      [5, _, 5],
    ],
  }),
  'failed-pipelines': anyOf('Sluice FailedPipelines sluice', {
    rings: [
      [0, 1, 1],
      [[0, 2], 7],
    ],
    quiet: [
      [0, 1],
      [1, 0],
      [_, 1],
      [_, _],
    ],
  }),
  'releases-stopped': told('ReleasesStopped'),
  'dead-writers': told('DeadWriters'),
  orphans: told('Orphans'),
  drift: told('DriftRepaired'),
  'trigger-failed': counted('AWS/Lambda Errors trigger'),
  'dead-letters': told('DeadLetters'),
  'stuck-pipelines': told('PipelinesStuck'),
  'oldest-task': anyOf('Sluice OldestTaskSeconds sluice', {
    rings: [[0, 3_601], [[10, 4_000]]],
    quiet: [[3_600], [[2_000, 2_000]], [4_000, 0], [_, _]],
  }),
  concurrency: {
    watches: [
      'AWS/Lambda ConcurrentExecutions account',
      'Sluice Started consumer',
      'Sluice TasksRunning sluice',
    ],
    rings: {
      'above the figure while tasks start': { executions: [11], started: [1], running: [0] },
      'above it while none starts, but one runs': { executions: [[3, 11]], started: [_], running: [1] },
      'above it while tasks start and the sweep says nothing': {
        executions: [11],
        started: [3],
        running: [_],
      },
    },
    quiet: {
      'at the figure': { executions: [[10, 10]], started: [5], running: [5] },
      'above it, but no consumer works': { executions: [500], started: [0], running: [0] },
      'above it, and of no consumer anything is told': { executions: [500], started: [_], running: [_] },
      'consumers work, and nothing is told of executions': { executions: [_], started: [20], running: [20] },
      'nothing at all': { executions: [0], started: [0], running: [0] },
    },
  },
  'account-full': {
    watches: ['AWS/Lambda ConcurrentExecutions account', 'Sluice AccountConcurrency sluice'],
    rings: {
      'above nine tenths': { executions: [[100, 901]], allowed: [1000] },
      'above nine tenths of what is left of the quota': { executions: [95], allowed: [[1000, 100]] },
    },
    quiet: {
      'nine tenths': { executions: [900], allowed: [1000] },
      'hardly any': { executions: [3], allowed: [10] },
      'nobody says what is allowed': { executions: [900], allowed: [_] },
      'nobody says what runs': { executions: [_], allowed: [1000] },
    },
  },
  'error-rate': {
    watches: ['Sluice Started consumer', 'Sluice Failed consumer'],
    rings: {
      'three of twenty': { started: [[10, 10]], failed: [[1, 1, 1]] },
      all: { started: [500], failed: [500] },
    },
    quiet: {
      'a tenth': { started: [1000], failed: [100] },
      'all of too few': { started: [19], failed: [19] },
      'none, of which nothing is told': { started: [1000], failed: [_] },
      'nothing starts any more': { started: [_], failed: [3] },
    },
  },
  'success-rate': {
    watches: ['Sluice Done consumer', 'Sluice DeadLettered consumer'],
    rings: {
      'two dead letters of twenty': { done: [[9, 9]], buried: [[1, 1]] },
      'nothing but dead letters': { done: [_], buried: [20] },
    },
    quiet: {
      'one dead letter of twenty': { done: [19], buried: [1] },
      'no dead letter': { done: [1000], buried: [0] },
      'no dead letter, of which nothing is told': { done: [1000], buried: [_] },
      'dead letters of too few': { done: [0], buried: [19] },
      'nothing at all': { done: [_], buried: [_] },
    },
  },
  throttles: throttled({
    trigger: 'trigger',
    lifecycle: 'pipeline-lifecycle',
    rollout: 'code-rollout',
    control: 'rollout-control',
    redrive: 'redrive',
    burst: 'burst',
    restore: 'restore-salvage',
  }),
  'throttled-listeners': throttled({
    reconciler: 'reconciler',
    config: 'config-listener',
    hold: 'hold-listener',
    code: 'code-listener',
    burst: 'burst-listener',
  }),
};
