import { isWorthRest, wakeAtMs } from '../lifecycle/hold-rest.ts';
import type { Timings } from '../stage-settings.ts';
import type { GroupState, Hold } from './hold.ts';

/** One change of what a group's tasks share, as the holds table's stream tells it. */
export interface GroupChanged {
  readonly pipelineId: string;
  readonly before: GroupState | undefined;
  readonly after: GroupState | undefined;
  /** DynamoDB has removed it for its age: whatever it said was over long ago. */
  readonly isExpiry: boolean;
}

/** What a change asks for. */
export type GroupAction =
  /** A run of the lifecycle now: the consumer is to rest, or need not any longer. */
  | { readonly kind: 'look' }
  /**
   * Another one at this moment, which wakes it: `wake` a little before the end of its hold, `over` when that is over,
   * for those whose runtime would not wait.
   */
  | { readonly kind: 'wake' | 'over'; readonly atMs: number; readonly untilMs: number }
  /** Somebody has ended a hold that would have lasted until then: its ledger of starts goes back. */
  | { readonly kind: 'pull'; readonly endedMs: number }
  /** Other programs may want to know. */
  | {
      readonly kind: 'tell';
      readonly detailType: 'Group hold changed' | 'Breaker state changed';
      readonly detail: Readonly<Record<string, unknown>>;
    };

/** A machine's clock and a function's may differ by so much: who comes too early finds that it must rest. */
const CLOCKS_DIFFER_MS = 1_000;
/** No hold is longer: core/flow/hold.ts. What a person has typed may be. */
const LONGEST_WAIT_MS = 86_400_000;

type HoldTimings = Pick<Timings, 'restHoldSeconds' | 'wakeLeadSeconds'>;

/** Decides what is to be done about a change; the same each time that it is told, as long as its hold is on. */
export function actionsFor(
  change: GroupChanged,
  timings: HoldTimings,
  nowMs: number,
): readonly GroupAction[] {
  if (change.isExpiry) return [];
  return [...runsFor(change, timings, nowMs), ...pullFor(change, nowMs), ...tidings(change)];
}

/** Consumers only ever prolong a hold: one that ends before its time has been ended by a person. */
function pullFor({ before, after }: GroupChanged, nowMs: number): readonly GroupAction[] {
  const endedMs = before?.hold?.untilMs ?? 0;
  const isEnded = endedMs > nowMs && (after?.hold?.untilMs ?? 0) < endedMs;
  return isEnded ? [{ kind: 'pull', endedMs }] : [];
}

function runsFor(
  { before, after }: GroupChanged,
  timings: HoldTimings,
  nowMs: number,
): readonly GroupAction[] {
  const [was, is] = [waitOf(before), waitOf(after)];
  if (was.untilMs === is.untilMs) return [];
  const wakeMs = wakeAtMs(is.untilMs, timings);
  const isOver = wakeAtMs(was.untilMs, timings) > nowMs && is.untilMs < was.untilMs;
  const looks = isOver || isWorthRest(is.untilMs, timings, nowMs);
  // One that was prolonged by little goes on resting for all of it, and is woken at the new end.
  const mayRest = looks || [was, is].some((wait) => isWorthRest(wait.untilMs, timings, wait.sinceMs));
  const { untilMs } = is;
  const wakes = [
    { kind: 'wake', atMs: wakeMs, untilMs },
    { kind: 'over', atMs: untilMs, untilMs },
  ] as const;
  return [
    ...(looks ? [{ kind: 'look' } as const] : []),
    ...wakes
      .filter(({ atMs }) => mayRest && atMs > nowMs)
      .map(({ atMs, ...wake }) => ({ ...wake, atMs: timerMs(atMs, nowMs) })),
  ];
}

/** A whole second, rather late than early. */
function timerMs(atMs: number, nowMs: number): number {
  return Math.ceil((Math.min(atMs, nowMs + LONGEST_WAIT_MS) + CLOCKS_DIFFER_MS) / 1000) * 1000;
}

/** Since when and until when a group waits; all 0 where it does not. */
function waitOf({ hold, breaker }: GroupState = {}): { readonly sinceMs: number; readonly untilMs: number } {
  const waits = [hold, breaker?.state === 'open' ? breaker : undefined].filter((one) => one !== undefined);
  return {
    sinceMs: Math.min(...waits.map(({ sinceMs }) => sinceMs), Number.POSITIVE_INFINITY),
    untilMs: Math.max(...waits.map(({ untilMs }) => untilMs), 0),
  };
}

function tidings({ pipelineId, before, after }: GroupChanged): readonly GroupAction[] {
  return [
    ...holdTidings(pipelineId, before?.hold, after?.hold),
    ...breakerTidings(pipelineId, before?.breaker, after?.breaker),
  ];
}

function holdTidings(pipelineId: string, before: Hold | undefined, after: Hold | undefined): GroupAction[] {
  if (before?.untilMs === after?.untilMs && before?.cause === after?.cause) return [];
  // A new hold begins after the one before is over; one that is prolonged goes on.
  const wasOn = before !== undefined && (after === undefined || before.untilMs > after.sinceMs);
  const detail = {
    pipelineId,
    from: wasOn ? 'held' : 'free',
    to: after === undefined ? 'free' : 'held',
    ...(after && {
      untilMs: after.untilMs,
      evidence: { cause: after.cause, sinceMs: after.sinceMs, guesses: after.guesses },
    }),
  };
  return [{ kind: 'tell', detailType: 'Group hold changed', detail }];
}

function breakerTidings(
  pipelineId: string,
  before: GroupState['breaker'],
  after: GroupState['breaker'],
): GroupAction[] {
  const [from, to] = [before?.state ?? 'closed', after?.state ?? 'closed'];
  if (from === to) return [];
  const { sinceMs, opened } = after ?? {};
  const detail = {
    pipelineId,
    from,
    to,
    ...(after?.state === 'open' && { untilMs: after.untilMs }),
    evidence: {
      ...(sinceMs !== undefined && { sinceMs, opened }),
      ...(after?.state === 'open' && after.evidence),
      ...(after?.state === 'halfOpen' && { succeeded: after.succeeded }),
    },
  };
  return [{ kind: 'tell', detailType: 'Breaker state changed', detail }];
}
