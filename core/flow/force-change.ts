import type { Breaker, BreakerSettings } from './breaker.ts';
import type { GroupAction } from './group-change.ts';
import type { GroupState } from './hold.ts';

/** Word to other programs. */
export type Tidings = GroupAction & { readonly kind: 'tell' };

/**
 * What to tell where a record has begun, or ceased, to say by itself where its group's breaker stands.
 * @param state what the group's tasks say, which goes for a breaker that is not forced
 * @returns undefined where the record says of it what it said before
 */
export function forceTidings(
  pipelineId: string,
  before: BreakerSettings | undefined,
  after: BreakerSettings | undefined,
  state: GroupState | undefined,
): Tidings | undefined {
  if (!isForceChanged(before, after)) return undefined;
  const breaker = state?.breaker;
  const to = standing(after, breaker);
  const isOpenByTasks = after?.force === undefined && to === 'open' && breaker?.state === 'open';
  const detail = {
    pipelineId,
    from: standing(before, breaker),
    to,
    ...(isOpenByTasks && { untilMs: breaker.untilMs }),
    evidence: { forced: after?.force ?? 'auto', by: 'record' },
  };
  return { kind: 'tell', detailType: 'Breaker state changed', detail };
}

export function isForceChanged(
  before: BreakerSettings | undefined,
  after: BreakerSettings | undefined,
): boolean {
  return before?.force !== after?.force;
}

/** Without a breaker nothing holds. */
function standing(settings: BreakerSettings | undefined, breaker: Breaker | undefined): Breaker['state'] {
  return settings?.force ?? (settings && breaker?.state) ?? 'closed';
}
