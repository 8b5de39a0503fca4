import { setTimeout as sleep } from 'node:timers/promises';
import type { Breaker, Ended } from '../../../core/flow/breaker.ts';
import type { GroupState, Hold } from '../../../core/flow/hold.ts';

/** Something that a group's tasks said to each other. Epoch milliseconds. */
export type Change =
  /** The group began to wait; one that only goes on for longer is the same. */
  | { readonly kind: 'hold'; readonly sinceMs: number; readonly cause: Hold['cause'] }
  | {
      readonly kind: 'breaker';
      readonly sinceMs: number;
      readonly state: Breaker['state'];
      readonly evidence?: Ended;
    };

/** What a look at a group's shared state says that the look before did not. */
export function changesIn(before: GroupState, now: GroupState): Change[] {
  const changes: Change[] = [];
  const { hold, breaker } = now;
  if (hold !== undefined && hold.sinceMs !== before.hold?.sinceMs) {
    changes.push({ kind: 'hold', sinceMs: hold.sinceMs, cause: hold.cause });
  }
  // A group that never had trouble has no breaker to speak of: it is closed.
  if (breaker !== undefined && breaker.state !== (before.breaker?.state ?? 'closed')) {
    const evidence = breaker.state === 'open' && breaker.evidence ? { evidence: breaker.evidence } : {};
    changes.push({ kind: 'breaker', sinceMs: breaker.sinceMs, state: breaker.state, ...evidence });
  }
  return changes;
}

/** Looks at groups' shared states and notes what changes. */
export interface Watch {
  changes(pipelineId: string): readonly Change[];
  /** @throws what looking threw */
  stop(): Promise<void>;
}

/** Far less than the shortest hold of the demo's. */
const LOOK_EVERY_MS = 200;

export function watchGroups(
  pipelineIds: readonly string[],
  read: (pipelineId: string) => Promise<GroupState>,
): Watch {
  const changes = new Map(pipelineIds.map((id): [string, Change[]] => [id, []]));
  let stopped = false;
  const look = async (pipelineId: string) => {
    let before: GroupState = {};
    while (!stopped) {
      const now = await read(pipelineId);
      changes.get(pipelineId)?.push(...changesIn(before, now));
      before = now;
      await sleep(LOOK_EVERY_MS);
    }
  };
  const looking = Promise.all(pipelineIds.map(look));
  looking.catch(() => {}); // stop() says so
  return {
    changes: (pipelineId) => changes.get(pipelineId) ?? [],
    async stop() {
      stopped = true;
      await looking;
    },
  };
}
