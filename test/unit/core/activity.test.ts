import { describe, expect, it } from '@jest/globals';
import { mustNoteActivity, needsWaking } from '../../../core/activity.ts';
import type { Held } from '../../../core/lifecycle/hold-rest.ts';
import type { Target } from '../../../core/lifecycle/target.ts';
import { newStatus, type StatusRecord } from '../../../core/status-record.ts';

function target(enabled: boolean, wanted: object = { restWhenIdleSeconds: 300, paused: false }): Target {
  return { enabled, wanted } as Target;
}

function status(change: Partial<StatusRecord>): StatusRecord {
  return { ...newStatus('a', ''), phase: 'Active', applied: target(true), ...change };
}

/** A run under a lease that lasts until 1000. */
function underWay(aim: Target): Partial<StatusRecord> {
  return {
    lease: { owner: 'x', untilMs: 1_000, busyUntilMs: 0, pending: false },
    run: { kind: 'switch', step: 'SwitchMapping', startedAtMs: 0, verify: false, target: aim },
  };
}

describe('activity', () => {
  it.each([
    [false, 'of a pipeline that never rests', status({ applied: target(true, { paused: false }) })],
    [true, 'that nobody noted yet', status({})],
    [false, 'noted just now', status({ lastActivityAtMs: 95_000 })],
    [true, 'noted a while ago', status({ lastActivityAtMs: 80_000 })],
    [
      true,
      'of one that rests though its record has changed since',
      status({ resting: true, applied: target(false, {}) }),
    ],
    [
      false,
      'of one that rests because its group is held',
      status({ resting: true, hold: { cause: 'throttled', untilMs: 200_000 }, applied: target(false, {}) }),
    ],
    [
      true,
      'of a held one that may rest, too, when it is idle',
      status({ resting: true, hold: { cause: 'throttled', untilMs: 200_000 } }),
    ],
    [false, 'of a pipeline that is going', status({ closing: { sinceMs: 0, processingOver: false } })],
  ])('is to be noted: %s, %s', (noted, _what, given) => {
    expect(mustNoteActivity(given, 100_000)).toBe(noted);
  });
});

describe('waking', () => {
  it.each([
    [false, 'an awake pipeline', status({})],
    [true, 'a resting one', status({ resting: true, applied: target(false) })],
    [true, 'one that a run is putting to rest', status(underWay(target(false)))],
    [false, 'one that a run is waking already', status({ resting: true, ...underWay(target(true)) })],
    [false, 'one that a run is pausing', status(underWay(target(false, { paused: true })))],
    [false, 'a paused one', status({ phase: 'Paused', applied: target(false, { paused: true }) })],
    [false, 'one that is going', status({ resting: true, closing: { sinceMs: 0, processingOver: false } })],
  ])('is needed: %s, %s', (needed, _what, given) => {
    expect(needsWaking(given, 500)).toBe(needed);
  });

  it.each<[boolean, string, Held]>([
    [false, 'is held until later', { cause: 'throttled', untilMs: 501 }],
    [false, 'is held for good', { cause: 'forced' }],
    [true, 'was held until now, and nobody has woken', { cause: 'breaker', untilMs: 500 }],
  ])('is needed: %s, of one that %s', (needed, _what, hold) => {
    expect(needsWaking(status({ resting: true, hold, applied: target(false) }), 500)).toBe(needed);
    const { run, lease } = underWay(target(false));
    expect(
      needsWaking(status({ ...(lease && { lease }), ...(run && { run: { ...run, held: hold } }) }), 500),
    ).toBe(needed);
  });

  it('does not count on a run whose lease is over', () => {
    expect(needsWaking(status({ resting: true, ...underWay(target(true)) }), 2_000)).toBe(true);
  });
});
