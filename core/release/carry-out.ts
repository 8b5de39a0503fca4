import { assertNever } from '../assert-never.ts';
import type { ControlDecision } from './control.ts';
import { NO_COUNTS, type ReleaseRecord, rolloutName } from './record.ts';

/** A decision that changes something. */
export type Deed = Exclude<ControlDecision, { readonly kind: 'nothing' | 'refused' }>;

/**
 * What a deed changes in the release's record.
 * @param reason what the person says about it; stands in the record
 */
export function changesFor(
  { kind }: Deed,
  record: ReleaseRecord,
  reason: string | undefined,
  nowMs: number,
): Partial<ReleaseRecord> {
  switch (kind) {
    case 'pause':
      return { paused: true };
    case 'resume':
      return { paused: false, ...nextExecution(record) };
    case 'abort':
      return { state: 'Aborted', reason: reason ?? 'aborted by hand', paused: false, expectedEnd: undefined };
    case 'rollBack':
      return {
        state: 'RolledBack',
        reason: reason ?? 'rolled back by hand',
        evidence: [{ what: 'byHand', message: reason ?? 'no reason given' }],
        ...FROM_HERE,
        ...nextExecution(record),
      };
    case 'retry':
      return {
        state: 'Checking',
        // It is the newest again: what was begun between has no claim to come after it.
        startedAt: new Date(nowMs).toISOString(),
        reason: undefined,
        evidence: [],
        warnings: [],
        waves: [],
        wave: -1,
        counts: NO_COUNTS,
        health: undefined,
        failedPipelines: [],
        ...FROM_HERE,
        ...nextExecution(record),
      };
    default:
      return assertNever(kind);
  }
}

/** Nothing is left of what an execution before was in the middle of. */
const FROM_HERE: Partial<ReleaseRecord> = {
  paused: false,
  walk: undefined,
  toldAtMs: undefined,
  returned: undefined,
  redriven: undefined,
  expectedEnd: undefined,
};

/** Another execution takes over; the one before ends by itself at its next step. */
export function nextExecution({
  codeKey: key,
  version,
  executions,
}: ReleaseRecord): Pick<ReleaseRecord, 'owner' | 'executions'> {
  return { owner: rolloutName({ key, version }, executions + 1), executions: executions + 1 };
}
