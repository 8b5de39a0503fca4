import type { Idempotency } from '../core/flow/limits.ts';
import type { Effects } from './effects.ts';

/** A task's key, claimed by one receive of it. */
export interface Claim {
  /** No other task of this key is to run for as long as the record says. */
  done(signal: AbortSignal): Promise<void>;
  /** Another one may run. */
  drop(signal: AbortSignal): Promise<void>;
}

export type Claimed =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  /** A task of this key is done. */
  | { readonly kind: 'done' }
  /** One runs, until this moment at the latest, epoch milliseconds. */
  | { readonly kind: 'running'; readonly untilMs: number };

export interface Once {
  /** Where a task's key stands: `keyOf` of task-key.ts. */
  readonly path: string;
  /** @param untilMs when the claim is void at the latest, epoch milliseconds */
  claim(key: string, untilMs: number, signal: AbortSignal): Promise<Claimed>;
}

/** Tasks of one key are done once, also where SQS delivers one twice or somebody sends it twice. */
export function createOnce({ key: path, seconds }: Idempotency, effects: Effects): Once {
  const { shared } = effects;
  const claimOrDrop = async (key: string, owner: string, untilMs: number, signal: AbortSignal) => {
    try {
      return await shared.claimKey(key, owner, untilMs, effects.nowMs(), signal);
    } catch (error) {
      // Claimed all the same, perhaps, and nobody would know by whom.
      await shared.dropKey(key, owner, signal).catch(() => undefined);
      throw error;
    }
  };
  return {
    path,
    async claim(key, untilMs, signal) {
      const owner = effects.newId();
      const answer = await claimOrDrop(key, owner, untilMs, signal);
      if (answer.kind !== 'claimed') return answer;
      const doneUntilMs = () => effects.nowMs() + seconds * 1000;
      const claim: Claim = {
        done: (until) => shared.finishKey(key, owner, doneUntilMs(), until),
        drop: (until) => shared.dropKey(key, owner, until),
      };
      return { kind: 'claimed', claim };
    },
  };
}
