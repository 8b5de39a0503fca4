import type { RateLimit } from '../../../core/config-record/rate-limit.ts';
import { startsPerSecond } from '../../../core/flow/pace.ts';
import type { Phase, Script } from './api/script.ts';

/** One task group of the demo. */
export interface Group {
  readonly name: string;
  readonly tasks: number;
  /** All of them hold; none: only `concurrency` limits the group. */
  readonly rates: readonly RateLimit[];
  /** Absent: it follows from the rates. */
  readonly concurrency?: number;
  /** How long the API works on a request of it. */
  readonly answerMs: number;
  /** What an outage of its API looks like. */
  readonly outage: { readonly status: 500 | 503; readonly says: boolean };
  /** Starts per second that the API has room for while it allows enough, and while it allows less. */
  readonly enoughPerSecond: number;
  readonly lessPerSecond: number;
  /** Fields of its config record besides these. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** A rate that each slot keeps by itself; one of two windows, kept in a ledger; a limit of concurrency alone. 3,000 tasks. */
export const GROUPS: readonly Group[] = [
  {
    name: 'slots',
    tasks: 1_560,
    rates: [{ tasks: 20, perSeconds: 1 }],
    concurrency: 20,
    answerMs: 100,
    outage: { status: 503, says: true },
    enoughPerSecond: 30,
    lessPerSecond: 9,
    record: {},
  },
  {
    name: 'ledger',
    tasks: 410,
    rates: [
      { tasks: 6, perSeconds: 1 },
      { tasks: 280, perSeconds: 60 },
    ],
    answerMs: 150,
    outage: { status: 503, says: false },
    enoughPerSecond: 7,
    lessPerSecond: 2.5,
    record: {},
  },
  {
    name: 'at-once',
    tasks: 1_030,
    rates: [],
    concurrency: 20,
    answerMs: 1_500,
    outage: { status: 500, says: false },
    enoughPerSecond: 24,
    lessPerSecond: 7,
    record: { breaker: { windowSeconds: 10, openSeconds: 3, probes: 1 } },
  },
];

/** Each group's API goes through this from the group's first request on. */
export function scriptOf({ enoughPerSecond, lessPerSecond, outage }: Group): Script {
  const allows = (name: Phase['name'], seconds: number, perSecond: number): Phase => ({
    name,
    seconds,
    mood: { kind: 'allows', perSecond },
  });
  return [
    allows('warm-up', 5, enoughPerSecond),
    allows('enough', 27, enoughPerSecond),
    allows('less', 25, lessPerSecond),
    { name: 'outage', seconds: 20, mood: { kind: 'out', ...outage } },
    allows('enough again', Number.POSITIVE_INFINITY, enoughPerSecond),
  ];
}

const TIMEOUT_SECONDS = 10;

/** The config record of a group. */
export function recordOf({ name, rates, concurrency, record }: Group, apiUrl: string) {
  return {
    pipelineId: name,
    ...(concurrency !== undefined && { concurrency }),
    ...(rates.length > 0 && { rateLimit: rates }),
    timeoutSeconds: TIMEOUT_SECONDS,
    environment: { API_URL: apiUrl },
    ...record,
  };
}

/** The most starts per second that a group's rates allow; undefined where there are none. */
export function startsPerSecondOf({ rates }: Pick<Group, 'rates'>): number | undefined {
  return rates.length === 0 ? undefined : startsPerSecond(rates);
}

/** A task as it is sent. */
export interface LimitsTask {
  readonly group: string;
  readonly task: number;
}
