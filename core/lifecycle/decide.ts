import { configHash } from '../config-hash.ts';
import { equalJson } from '../equal-json.ts';
import type { Problem } from '../problems.ts';
import type { RunKind, StatusRecord } from '../status-record.ts';
import { type Held, isSameHeld } from './hold-rest.ts';
import type { Target } from './target.ts';
import { type TeardownKind, teardownOf } from './teardown.ts';

/** What the config record asks for, after reading it and everything it depends on. */
export type Wish =
  /** No record, or one whose `expiresAt` is past. */
  | { readonly kind: 'gone' }
  /** `retry`: time may mend it (code not uploaded yet, account full), so the reconciler asks again. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[]; readonly retry: boolean }
  /** `held`: it is to rest for its group's hold. */
  | { readonly kind: 'target'; readonly target: Target; readonly held?: Held };

export type ChangeKind = Extract<RunKind, 'create' | 'update' | 'codeSync' | 'switch'>;

/** What a run is to do. */
export type Decision =
  | {
      readonly kind: 'change';
      readonly run: ChangeKind;
      readonly target: Target;
      readonly held?: Held;
      readonly verify: boolean;
    }
  | { readonly kind: 'teardown'; readonly run: TeardownKind }
  | { readonly kind: 'reject'; readonly problems: readonly Problem[]; readonly retry: boolean }
  /** All is as it should be; the status has to say so. */
  | { readonly kind: 'confirm'; readonly target: Target; readonly held?: Held }
  /** There is nothing to tear down. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'nothing' };

/**
 * Decides what a run does: `wanted, actual → plan`. Pure; the caller reads.
 * @param verify somebody has seen, or fears, a difference: compare with the real resources
 */
export function decide(wish: Wish, status: StatusRecord | undefined, verify: boolean): Decision {
  switch (wish.kind) {
    case 'gone':
      return decideTeardown(status);
    case 'invalid':
      return { kind: 'reject', problems: wish.problems, retry: wish.retry };
    case 'target':
      return decideChange(wish, status, verify);
  }
}

function decideTeardown(status: StatusRecord | undefined): Decision {
  if (status === undefined || status.phase === 'Deleted') return { kind: 'nothing' };
  if (!status.built) return { kind: 'forget' };
  return { kind: 'teardown', run: teardownOf(status) };
}

function decideChange(
  { target, held }: Wish & { readonly kind: 'target' },
  status: StatusRecord | undefined,
  verify: boolean,
): Decision {
  const applied = status?.applied;
  const wish = { target, ...(held && { held }) };
  // A first run that did not settle may have made anything, for another target: that is a change, not a creation.
  if (status === undefined || (applied === undefined && !status.dirty)) {
    return { kind: 'change', run: 'create', ...wish, verify: false };
  }
  // A run that did not settle leaves the resources between two targets: nothing remembered can be trusted.
  if (applied === undefined || verify || status.dirty)
    return { kind: 'change', run: 'update', ...wish, verify: true };
  if (applied.hash !== target.hash)
    return { kind: 'change', run: changeKind(applied, target), ...wish, verify: false };
  const said = status.phase === (target.wanted.paused ? 'Paused' : 'Active');
  return said && isSameHeld(status.hold, held) ? { kind: 'nothing' } : { kind: 'confirm', ...wish };
}

/** The shortest branch that applies a change. */
function changeKind(applied: Target, target: Target): ChangeKind {
  const sameWishes = wishesHash(applied) === wishesHash(target);
  const sameCode = equalJson(applied.code, target.code);
  const sameSwitch = applied.enabled === target.enabled;
  // The hash also covers the stage's settings: wishes, code and switch all the same means that those differ.
  if (sameWishes && sameCode && !sameSwitch) return 'switch';
  if (sameWishes && !sameCode && sameSwitch) return 'codeSync';
  return 'update';
}

/** Everything of a target but its code and whether it runs. */
function wishesHash(target: Target): string {
  const { paused: _paused, codeKey: _key, codeVersion: _version, ...wishes } = target.wanted;
  return configHash({ wishes, lease: target.lease === true, settings: target.settingsHash });
}
