import { describe, expect, it } from '@jest/globals';
import { decide, type Wish } from '../../../../core/lifecycle/decide.ts';
import type { Held } from '../../../../core/lifecycle/hold-rest.ts';
import { type Target, targetOf } from '../../../../core/lifecycle/target.ts';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { consumers, NOW_MS, settledStatus, target, unmade } from './records.ts';

const same = target();
const closing = { sinceMs: NOW_MS, processingOver: false };
const statuses = {
  none: undefined,
  deleted: unmade({ phase: 'Deleted' }),
  rejectedUnmade: unmade({ phase: 'Rejected' }),
  halfMade: unmade({ built: true, dirty: true }),
  active: settledStatus(),
  paused: settledStatus({ applied: target({ paused: true }) }),
  resting: settledStatus({ applied: target({}, { enabled: false }), resting: true }),
  discards: settledStatus({ applied: target({ onDelete: 'discard' }) }),
  discardedBefore: settledStatus({ phase: 'Failed', dirty: true, applied: target({ onDelete: 'discard' }) }),
  discarding: settledStatus({ phase: 'Failed', dirty: true, closing: { ...closing, discard: true } }),
  halfChanged: settledStatus({ phase: 'Failed', dirty: true }),
  failedToRead: settledStatus({ phase: 'Failed' }),
  rejected: settledStatus({ phase: 'Rejected' }),
  draining: settledStatus({ phase: 'Draining', dirty: true, closing }),
  salvaging: settledStatus({ phase: 'Deleting', dirty: true, closing: { ...closing, processingOver: true } }),
} satisfies Record<string, StatusRecord | undefined>;
type Name = keyof typeof statuses;

/** A decision in one word: what happens, how, and whether it looks at what is. */
function inShort(wish: Wish, status: StatusRecord | undefined, verify = false): string {
  const decision = decide(wish, status, verify);
  if (decision.kind === 'change') return `${decision.run}${decision.verify ? ', looking' : ''}`;
  return decision.kind === 'teardown' ? decision.run : decision.kind;
}

const wish = (wanted: Target, held?: Held): Wish => ({
  kind: 'target',
  target: wanted,
  ...(held && { held }),
});

describe('decide', () => {
  it.each<[Name, string, string]>([
    // status, the record as it was, no record
    ['none', 'create', 'nothing'],
    ['deleted', 'create', 'nothing'],
    ['rejectedUnmade', 'create', 'forget'],
    ['halfMade', 'update, looking', 'salvage'],
    ['active', 'nothing', 'drain'],
    ['paused', 'update', 'salvage'],
    ['resting', 'switch', 'salvage'],
    ['discards', 'update', 'discard'],
    // The record may have asked to keep the tasks since: what was never applied in full throws nothing away.
    ['discardedBefore', 'update, looking', 'drain'],
    ['discarding', 'update, looking', 'discard'],
    ['halfChanged', 'update, looking', 'drain'],
    ['failedToRead', 'confirm', 'drain'],
    ['rejected', 'confirm', 'drain'],
    ['draining', 'update, looking', 'drain'],
    ['salvaging', 'update, looking', 'salvage'],
  ])('takes a pipeline that is %s to its record by: %s; to no record by: %s', (name, record, gone) => {
    const asked = name === 'paused' ? target({ memoryMb: 512 }) : same;
    expect(inShort(wish(asked), statuses[name])).toBe(record);
    expect(inShort({ kind: 'gone' }, statuses[name])).toBe(gone);
  });

  it('rejects a bad record whatever there is, and touches nothing', () => {
    const problems = [{ path: 'memoryMb', code: 'OutOfRange' as const, allowed: 'a', given: 'b', hint: 'c' }];
    for (const status of Object.values(statuses)) {
      const decision = decide({ kind: 'invalid', problems, retry: false }, status, true);
      expect(decision).toEqual({ kind: 'reject', problems, retry: false });
    }
  });

  describe('of a group that is held', () => {
    const held = { cause: 'throttled', untilMs: NOW_MS + 600_000 } as const;
    const rest = target({}, { enabled: false });
    const resting = settledStatus({ applied: rest, resting: true, hold: held });

    it.each<[string, Wish, StatusRecord, object]>([
      ['goes to rest', wish(rest, held), statuses.active, { kind: 'change', run: 'switch', held }],
      ['rests on', wish(rest, held), resting, { kind: 'nothing' }],
      [
        'says so where it rested already, for want of tasks',
        wish(rest, held),
        statuses.resting,
        { kind: 'confirm', held },
      ],
      [
        'says until when, if that has changed',
        wish(rest, { ...held, untilMs: NOW_MS }),
        resting,
        { kind: 'confirm', held: { ...held, untilMs: NOW_MS } },
      ],
      ['rests on for want of tasks', wish(rest), resting, { kind: 'confirm' }],
      ['wakes', wish(same), resting, { kind: 'change', run: 'switch' }],
      ['is made, and at rest', wish(rest, held), unmade(), { kind: 'change', run: 'create', held }],
      [
        'is repaired, and at rest',
        wish(rest, held),
        statuses.halfChanged,
        { kind: 'change', run: 'update', held },
      ],
      [
        'is salvaged where it goes: never woken',
        { kind: 'gone' },
        resting,
        { kind: 'teardown', run: 'salvage' },
      ],
    ])('%s', (_what, asked, status, decision) => {
      expect(decide(asked, status, false)).toMatchObject(decision);
      expect('held' in decide(asked, status, false)).toBe('held' in decision);
    });
  });

  it('changes the whole function where one at a time goes over to a lease', () => {
    const one = target({ concurrency: 1 });
    const lease = targetOf(one.wanted, one.code, true, consumers, true);
    expect(inShort(wish(lease), settledStatus({ applied: one }))).toBe('update');
    expect(inShort(wish(one), settledStatus({ applied: lease }))).toBe('update');
    expect(inShort(wish(lease), settledStatus({ applied: lease }))).toBe('nothing');
  });

  it.each([
    { change: 'a pause', wanted: target({ paused: true }), run: 'switch' },
    { change: 'a rest', wanted: target({}, { enabled: false }), run: 'switch' },
    { change: 'a new release', wanted: target({}, { version: 'v2' }), run: 'codeSync' },
    {
      change: 'a pin to another version',
      wanted: target({ codeVersion: 'v9' }, { version: 'v9' }),
      run: 'codeSync',
    },
    {
      change: 'a new release and a pause',
      wanted: target({ paused: true }, { version: 'v2' }),
      run: 'update',
    },
    { change: 'a larger limit', wanted: target({ concurrency: 9 }), run: 'update' },
    { change: 'a limit and a pause', wanted: target({ concurrency: 9, paused: true }), run: 'update' },
    {
      change: 'a setting of the stage',
      wanted: target({}, { stage: { ...consumers, tracing: true } }),
      run: 'update',
    },
    { change: 'nothing, by hand perhaps', wanted: same, verify: true, run: 'update, looking' },
  ])('applies $change by the shortest branch: $run', ({ wanted, verify, run }) => {
    expect(inShort(wish(wanted), statuses.active, verify)).toBe(run);
  });
});
