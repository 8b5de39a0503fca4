import type { GroupChange } from '../core/flow/group.ts';
import type { GroupState, Hold } from '../core/flow/hold.ts';
import { isPast } from './clock.ts';
import type { Effects } from './effects.ts';

/** What this environment knows of what its group's tasks share. */
export interface GroupView {
  /** As of late: read again if the last time is a second ago, and there is reason to. */
  look(signal: AbortSignal): Promise<GroupState>;
  /** What it knows without asking. */
  known(): GroupState;
  /** Makes a change stand for all. A hold stands for this environment even if nobody else can be told. */
  change(change: GroupChange, signal: AbortSignal): Promise<GroupState>;
}

const READ_AGAIN_MS = 1_000;
/** After a hold an environment goes on looking for so long: the next one may be somebody else's. */
const WATCH_MS = 600_000;
/** Others write at the same moment only now and then. */
const TRIES = 6;

/** @param isWatched look from the first task on, not only once this environment has met a hold itself */
export function createGroupView(effects: Effects, isWatched: boolean): GroupView {
  let known: { readonly state: GroupState; readonly revision: number | undefined } = {
    state: {},
    revision: undefined,
  };
  let readAtMs = Number.NEGATIVE_INFINITY;
  /** A hold that nobody else knows of. */
  let untold: Hold | undefined;

  const read = async (signal: AbortSignal) => {
    // Also a read that fails is one: no task asks more often than once a second.
    readAtMs = effects.nowMs();
    const { state, revision } = await effects.shared.readGroup(signal);
    if (Math.max(effects.nowMs(), state.hold?.untilMs ?? 0) >= (untold?.untilMs ?? 0)) untold = undefined;
    known = { state: untold === undefined ? state : { ...state, hold: untold }, revision };
  };

  /** @returns the state as it then is */
  const tell = async (change: GroupChange, signal: AbortSignal): Promise<GroupState> => {
    if (known.revision === undefined) await read(signal);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { state, revision = 0 } = known;
      const next = change(state) ?? (untold && state);
      if (next === undefined) return state;
      if ((await effects.shared.writeGroup(next, revision, signal)) === 'written') {
        untold = undefined;
        known = { state: next, revision: revision + 1 };
        return next;
      }
      await read(signal);
    }
    throw new Error('others change what the group shares all the time');
  };

  return {
    async look(signal) {
      const nowMs = effects.nowMs();
      const mayBeHeld = isWatched || (known.state.hold?.untilMs ?? 0) + WATCH_MS > nowMs;
      if (mayBeHeld && isPast(readAtMs, READ_AGAIN_MS, nowMs)) await read(signal);
      return known.state;
    },

    known: () => known.state,

    async change(change, signal) {
      try {
        return await tell(change, signal);
      } catch (error) {
        const hold = change(known.state)?.hold;
        if (hold !== undefined && hold.untilMs > (known.state.hold?.untilMs ?? 0)) {
          untold = hold;
          known = { state: { ...known.state, hold }, revision: undefined };
        }
        throw error;
      }
    },
  };
}
