import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admit, type Breaker, probed, tripped } from '../../../../core/flow/breaker.ts';
import {
  closed,
  type Found,
  fixedRandom,
  half,
  halfOpen,
  NOW_MS,
  open,
  probe,
  settings,
} from './breakers.ts';

describe('a half-open breaker', () => {
  it('lets as many probes start as are still needed, and the others look again in a second', () => {
    const two = halfOpen([probe('a')], 1);
    expect(admit(two, settings, probe('b'), NOW_MS)).toEqual({
      kind: 'probe',
      next: { ...two, probes: [probe('a'), probe('b')] },
    });
    for (const three of [halfOpen([probe('a'), probe('b')], 1), halfOpen([probe('a')], 2)]) {
      expect(admit(three, settings, probe('c'), NOW_MS)).toEqual({
        kind: 'wait',
        untilMs: NOW_MS + 1_000,
      });
    }
  });

  it('gives the place of a probe that never ended to another', () => {
    const before = halfOpen([probe('gone', NOW_MS), probe('runs', NOW_MS + 1)], 1);
    expect(admit(before, settings, probe('c'), NOW_MS)).toEqual({
      kind: 'probe',
      next: { ...before, probes: [probe('runs', NOW_MS + 1), probe('c')] },
    });
  });

  it.each<[string, number, number, Found[], string]>([
    ['two of three that succeed', 0.5, 3, ['succeeded', 'succeeded'], 'closed'],
    ['one of three that fails', 0.5, 3, ['succeeded', 'failed', 'succeeded'], 'closed'],
    ['two of three that fail', 0.5, 3, ['failed', 'failed'], 'open'],
    ['two of three that fail, the last one late', 0.5, 3, ['failed', 'succeeded', 'failed'], 'open'],
    ['half of four that fail', 0.5, 4, ['succeeded', 'failed', 'succeeded', 'failed'], 'open'],
    ['three of four that succeed', 0.5, 4, ['succeeded', 'failed', 'succeeded', 'succeeded'], 'closed'],
    ['all that fail, where only that is trouble', 1, 3, ['failed', 'failed', 'failed'], 'open'],
    ['one that succeeds, where only all are trouble', 1, 3, ['failed', 'succeeded'], 'closed'],
    ['one that fails, where a little is trouble', 0.01, 3, ['succeeded', 'succeeded', 'failed'], 'open'],
    ['all that succeed, where a little is trouble', 0.01, 2, ['succeeded', 'succeeded'], 'closed'],
    ['the only one', 0.5, 1, ['failed'], 'open'],
    ['the only one that succeeds', 0.5, 1, ['succeeded'], 'closed'],
    ['seven hundredths of a hundred', 0.07, 100, Array(7).fill('failed'), 'open'],
  ])(
    'is decided by the share of its probes, as soon as none can change it: %s',
    (_, failureShare, probes, ends, decided) => {
      const own = { ...settings, failureShare, probes };
      const states: string[] = [];
      let breaker: Breaker | undefined = open(NOW_MS);
      for (const [at, end] of ends.entries()) {
        const admission = admit(breaker, own, probe(`p${at}`), NOW_MS);
        if (admission.kind !== 'probe') throw new Error(`${admission.kind} after ${at} probes`);
        breaker = probed(admission.next, `p${at}`, end, own, NOW_MS, half);
        states.push(breaker?.state ?? 'none');
      }
      expect(states).toEqual([...ends.slice(1).map(() => 'halfOpen'), decided]);
    },
  );

  it('counts the probes that have ended', () => {
    const found = (end: Found, breaker: Breaker) => probed(breaker, 'a', end, settings, NOW_MS, half);
    expect(found('succeeded', halfOpen([probe('a'), probe('b')], 0, 2))).toEqual(
      halfOpen([probe('b')], 1, 2),
    );
    const failed = found('failed', halfOpen([probe('a'), probe('b')], 1, 2));
    expect(failed).toEqual({ ...halfOpen([probe('b')], 1, 2), failed: 1 });
    const full = { ...halfOpen([probe('b'), probe('c')], 0, 2), failed: 1 };
    expect(admit(full, settings, probe('d'), NOW_MS)).toEqual({ kind: 'wait', untilMs: NOW_MS + 1_000 });
  });

  it('closes with its number of openings', () => {
    const last = halfOpen([probe('a')], 1, 2);
    expect(probed(last, 'a', 'succeeded', settings, NOW_MS, half)).toEqual({
      state: 'closed',
      sinceMs: NOW_MS,
      opened: 2,
    });
  });

  it('opens again for twice as long, with its probes as the evidence', () => {
    const found = (opened: number) =>
      probed({ ...halfOpen([probe('a')], 1, opened), failed: 1 }, 'a', 'failed', settings, NOW_MS, () => 0);
    expect(found(1)).toEqual({
      state: 'open',
      sinceMs: NOW_MS,
      untilMs: NOW_MS + 60_000,
      opened: 2,
      evidence: { tasks: 3, failed: 2 },
    });
    expect(found(2)).toMatchObject({ untilMs: NOW_MS + 120_000, opened: 3 });
    expect(found(60)).toMatchObject({ untilMs: NOW_MS + 300_000, opened: 61 });
  });

  it('is hardly ever opened again by errors that do not open a closed one: 5 % of tasks, 1 % of recoveries', () => {
    const random = fixedRandom();
    const recoveries = 20_000;
    let reopened = 0;
    for (let recovery = 0; recovery < recoveries; recovery += 1) {
      let breaker: Breaker | undefined = open(NOW_MS);
      while (breaker?.state === 'open' || breaker?.state === 'halfOpen') {
        const admission = admit(breaker, settings, probe('a'), NOW_MS);
        if (admission.kind !== 'probe') throw new Error(admission.kind);
        breaker = probed(
          admission.next,
          'a',
          random() < 0.05 ? 'failed' : 'succeeded',
          settings,
          NOW_MS,
          half,
        );
        if (breaker?.state !== 'open') continue;
        reopened += 1;
        break;
      }
    }
    // By reckoning 0.73 %; if one failure were enough, 14.3 %.
    expect(reopened / recoveries).toBeGreaterThan(0.004);
    expect(reopened / recoveries).toBeLessThan(0.01);
  });

  it('lets one probe start where the record asks for fewer by now: it decides', () => {
    const two = { ...settings, probes: 1 };
    const before = halfOpen([], 1);
    const admission = admit({ ...before, failed: 1 }, two, probe('a'), NOW_MS);
    expect(admission).toMatchObject({ kind: 'probe' });
    if (admission.kind !== 'probe') return;
    expect(admit(admission.next, two, probe('b'), NOW_MS)).toMatchObject({ kind: 'wait' });
    expect(probed(admission.next, 'a', 'succeeded', two, NOW_MS, half)?.state).toBe('open');
    const quiet = admit(before, two, probe('a'), NOW_MS);
    if (quiet.kind !== 'probe') throw new Error(quiet.kind);
    expect(probed(quiet.next, 'a', 'succeeded', two, NOW_MS, half)?.state).toBe('closed');
  });

  it('opens again for twice as long, however long the probes took', () => {
    const late = { ...halfOpen([probe('a')]), failed: 1, sinceMs: NOW_MS - 86_400_000 };
    expect(probed(late, 'a', 'failed', settings, NOW_MS, () => 0)).toMatchObject({ opened: 2 });
  });

  it('is as before where a probe found out nothing, but for its place', () => {
    expect(probed(halfOpen([probe('a'), probe('b')], 1), 'a', 'unknown', settings, NOW_MS, half)).toEqual(
      halfOpen([probe('b')], 1),
    );
  });

  it('hears no probe that it does not know, and no other task', () => {
    for (const breaker of [undefined, closed(), open(NOW_MS), halfOpen([probe('b')]), halfOpen([])]) {
      for (const found of ['failed', 'succeeded', 'unknown'] as const) {
        expect(probed(breaker, 'a', found, settings, NOW_MS, half)).toBeUndefined();
      }
    }
  });

  it('never has more probes than the settings say, and goes by their share', () => {
    type Move = { readonly passMs: number; readonly end: 'succeeded' | 'failed' | 'unknown' | 'never' };
    const moves: fc.Arbitrary<Move[]> = fc.array(
      fc.record({
        passMs: fc.nat(20_000),
        end: fc.constantFrom('succeeded', 'failed', 'unknown', 'never'),
      }),
      { maxLength: 60 },
    );
    const share = fc.constantFrom(0.01, 0.2, 0.5, 0.6, 1);
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 5 }), share, (sequence, probes, failureShare) => {
        const own = { ...settings, probes, failureShare };
        let breaker = tripped(undefined, { tasks: 20, failed: 20 }, own, NOW_MS, half);
        let nowMs = NOW_MS;
        const ends = { succeeded: 0, failed: 0 };
        for (const [at, { passMs, end }] of sequence.entries()) {
          nowMs += passMs;
          const admission = admit(breaker, own, probe(`p${at}`, nowMs + 10_000), nowMs);
          if (admission.kind === 'go') {
            expect((probes - ends.succeeded) / probes).toBeLessThan(failureShare);
            return;
          }
          if (admission.kind === 'wait') {
            expect(admission.untilMs).toBeGreaterThan(nowMs);
            continue;
          }
          breaker = admission.next;
          if (breaker.state !== 'halfOpen') throw new Error('expected it half-open');
          const { succeeded, failed = 0 } = breaker;
          expect({ succeeded, failed }).toEqual(ends);
          expect(breaker.probes.length + succeeded + failed).toBeLessThanOrEqual(probes);
          if (end === 'never') continue;
          breaker = probed(breaker, `p${at}`, end, own, nowMs, half);
          if (end !== 'unknown') ends[end] += 1;
          if (breaker?.state !== 'open') continue;
          expect(ends.failed / probes).toBeGreaterThanOrEqual(failureShare);
          Object.assign(ends, { succeeded: 0, failed: 0 });
        }
      }),
      { numRuns: 500 },
    );
  });
});
