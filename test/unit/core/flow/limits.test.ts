import { describe, expect, it } from '@jest/globals';
import {
  type ConsumerLimits,
  limitsText,
  NO_LIMITS,
  needsShared,
  readLimits,
} from '../../../../core/flow/limits.ts';
import { PRESET } from './breaker-settings.ts';

const ALL: Required<ConsumerLimits> = {
  pace: { kind: 'ledger', spacingMs: 102.2, toleranceMs: 18 },
  lease: true,
  breaker: PRESET,
  idempotency: { key: '$', seconds: 3_600 },
  maxReceives: 50,
};

describe('what a consumer’s environment says of its limits', () => {
  it('is no more than there is to say', () => {
    expect(limitsText(NO_LIMITS)).toBe('{}');
    expect(limitsText({ ...NO_LIMITS, maxReceives: 50 })).toBe('{"maxReceives":50}');
    expect(limitsText({ ...NO_LIMITS, lease: true })).toBe('{"lease":true}');
    expect(limitsText({ ...NO_LIMITS, pace: { kind: 'slots', holdMs: 200 } })).toBe(
      '{"pace":{"kind":"slots","holdMs":200}}',
    );
  });

  it.each([NO_LIMITS, ALL, { ...NO_LIMITS, maxReceives: 50 }])('comes back as it was: %j', (limits) => {
    expect(readLimits(limitsText(limits))).toEqual(limits);
  });

  it.each<[boolean, Partial<ConsumerLimits>]>([
    [false, {}],
    [false, { maxReceives: 50, pace: { kind: 'slots', holdMs: 200 } }],
    [true, { pace: ALL.pace }],
    [true, { lease: true }],
    [true, { breaker: ALL.breaker }],
    [true, { idempotency: ALL.idempotency }],
  ])('says whether tasks need what others share: %j for %j', (needs, limits) => {
    expect(needsShared({ ...NO_LIMITS, ...limits })).toBe(needs);
  });

  it('is none in a function that the lifecycle has not made', () => {
    expect(readLimits(undefined)).toEqual({ pace: { kind: 'none' }, lease: false });
  });
});
