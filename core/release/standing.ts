import type { Target } from '../lifecycle/target.ts';
import type { StatusRecord } from '../status-record.ts';
import { admittedVersion, type Follower, type ReleaseLine, reaches } from './line.ts';

/**
 * Where a pipeline stands in a rollout.
 * `apart`: of another key, or going. `askRecord`: it waits for code that was not there; its config record says
 * whether for this key. The rest as in the counts of a release record.
 */
export type Standing =
  | 'apart'
  | 'pinned'
  | 'askRecord'
  | 'waiting'
  | 'moved'
  | 'moving'
  | 'due'
  | 'failing'
  | 'failed'
  | 'blocked';

/** Failed runs in a row after which a pipeline is reported and no longer waited for. */
const GIVE_UP_AFTER = 3;

/** What a status record says of a pipeline as a follower of a code key; undefined if it follows another one. */
export function followerOf(status: StatusRecord, codeKey: string): Follower | undefined {
  const target = status.run?.target ?? status.applied;
  if (target === undefined || target.wanted.codeKey !== codeKey) return undefined;
  return {
    pipelineId: status.pipelineId,
    canary: target.wanted.canary === true,
    version: appliedVersion(status, codeKey),
  };
}

/** The version of this key that the pipeline was last given in full. */
export function appliedVersion({ applied }: StatusRecord, codeKey: string): string | undefined {
  return applied?.code.key === codeKey ? applied.code.version : undefined;
}

/**
 * Where a pipeline stands, by its status alone.
 * @param nowMs epoch milliseconds: a lease that ran out is nobody's
 * @param askedFor the release whose pipelines are counted: the one on its way, or one that is taken back, perhaps
 *   while another one is on its way
 */
export function standingOf(
  status: StatusRecord,
  codeKey: string,
  line: ReleaseLine,
  nowMs: number,
  askedFor: string,
): Standing {
  if (status.closing !== undefined || status.phase === 'Deleted') return 'apart';
  const follower = followerOf(status, codeKey);
  if (follower === undefined) return waitsForCode(status) ? 'askRecord' : 'apart';
  const target = (status.run?.target ?? status.applied) as Target;
  if (target.wanted.codeVersion !== undefined) return 'pinned';

  const admitted = admittedVersion(line, follower);
  const there = follower.version === admitted;
  // One that the release on its way has not reached is none of its rollout's business, whatever its trouble.
  const isUnreached = line.next !== undefined && !reaches(line.next, follower);
  if (isUnreached && (there || askedFor === line.next?.version)) return 'waiting';
  const underWay = status.lease !== undefined && status.lease.untilMs > nowMs;
  const intended = underWay ? status.run?.target?.code.version : undefined;
  if (there && (intended === undefined || intended === admitted)) return 'moved';
  // One that is being made asks for its code itself: there is nothing to move, and its trouble is not the release's.
  const isMadeWithOther = underWay && intended !== undefined && intended !== admitted;
  const isMade = status.applied === undefined && line.stable !== undefined && !waitsForCode(status);
  if (isMade && !isMadeWithOther) return 'apart';
  // Also where the run has another version in mind: it is told, and reads the line once more.
  if (underWay) return intended === admitted ? 'moving' : 'due';
  // Its record may have turned to another key since.
  if (status.phase === 'Rejected') return waitsForCode(status) ? 'askRecord' : 'blocked';
  if (status.phase !== 'Failed') return 'due';
  return (status.failures?.count ?? 0) >= GIVE_UP_AFTER ? 'failed' : 'failing';
}

/** Rejected because there was no code to run. */
function waitsForCode({ phase, error }: StatusRecord): boolean {
  return phase === 'Rejected' && error?.path === 'codeKey' && error.code === 'Missing';
}
