import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { waitOf } from '../../../../consumer/throttling/wait.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const NOW = NOW_MS / 1_000;

const waitMs = (headers: object) => waitOf(new Map(Object.entries(headers)), NOW_MS).retryAfterMs;

describe('Retry-After', () => {
  it.each([
    ['7', 7_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['1.5', 1_500],
    ['0.0001', 1],
    ['2.3', 2_300],
    ['100000', 100_000_000],
    ['30, 60', 60_000],
    ['30s', 30_000],
    ['999999999', 999_999_999_000],
    [String(NOW + 9), 9_000],
    ['Sat, 21 Nov 2026 12:00:09 GMT', 9_000],
    ['Saturday, 21-Nov-26 12:00:09 GMT', 9_000],
    ['Sat Nov 21 12:00:09 2026', 9_000],
    ['Thu Nov  5 12:00:09 2026', 0],
    ['2026-11-21T12:00:09Z', 9_000],
    ['2026-11-21T12:00:09.25+00:00', 9_250],
    ['2026-11-21T13:00:09+01:00', 9_000],
    ['2026-11-21 12:00:09', 9_000],
    ['2026-11-21T12:00:09', 9_000],
    ['Sat, 21 Nov 2026 12:00:09 GMT, Sat, 21 Nov 2026 12:00:05 GMT', 9_000],
    ['Sat, 21 Nov 2026 12:00:05 GMT, 9', 9_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['Sat, 21 Nov 2099 12:00:00 GMT', Date.parse('2099-11-21T12:00:00Z') - NOW_MS],
  ])('%p is %d ms', (text, expected) => {
    expect(waitMs({ 'retry-after': text })).toBe(expected);
  });

  it.each([
    '',
    '-5',
    '5-',
    'soon',
    'later 5',
    'NaN',
    'Infinity',
    '1e3',
    '0x10',
    'Sun',
    '9'.repeat(400),
    '32 Nov',
    'in 5s',
    '5s ago',
    'on Sat, 21 Nov 2026 12:00:09 GMT',
  ])('%p says nothing', (text) => {
    expect(waitMs({ 'retry-after': text })).toBeUndefined();
  });

  it('is counted from the date of the answer, whatever the clock here says', () => {
    const date = 'Sat, 21 Nov 2026 11:00:00 GMT';
    expect(waitMs({ date, 'retry-after': 'Sat, 21 Nov 2026 11:00:09 GMT' })).toBe(9_000);
    expect(waitMs({ date, 'x-ratelimit-reset': String(NOW - 3_600 + 9) })).toBe(9_000);
    expect(waitMs({ date: 'yesterday', 'retry-after': 'Sat, 21 Nov 2026 12:00:09 GMT' })).toBe(9_000);
  });

  it.each([
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
    [{ 'retry-after-ms': 'soon', 'retry-after': '1' }, 1_000],
    [{ 'x-ms-retry-after-ms': '250' }, 250],
    [{ 'x-amz-retry-after': '250' }, 250],
    [{ 'x-ratelimit-retry-after': '9' }, 9_000],
    [{ 'x-ratelimit-retry-after': String(NOW + 9), 'x-ratelimit-reset': '60' }, 9_000],
    [{ 'retry-after': '1', ratelimit: '"a";r=0;t=60' }, 1_000],
    [{ 'retry-after': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }, 60_000],
    [{ 'retry-after': '0', 'x-ratelimit-reset': '1' }, 0],
    [{ 'retry-after': '-1', 'x-ratelimit-reset': '1' }, 1_000],
  ])('comes first: %j is %d ms', (headers, expected) => {
    expect(waitMs(headers)).toBe(expected);
  });
});

describe('a reset', () => {
  it.each([
    'ratelimit-reset',
    'x-ratelimit-reset',
    'x-rate-limit-reset',
    'x-ratelimit-reset-after',
    'x-ratelimit-reset-requests',
    'x-ratelimit-reset-tokens',
    'anthropic-ratelimit-requests-reset',
  ])('%s is a delay, a moment or a duration', (name) => {
    const soon = [9, NOW + 9, NOW_MS + 9_000, '9s', '0m9s', '9000ms', new Date(NOW_MS + 9_000).toISOString()];
    expect(soon.map((value) => waitMs({ [name]: String(value) }))).toEqual(soon.map(() => 9_000));
  });

  it.each([
    ['6m0s', 360_000],
    ['250ms', 250],
    ['1h2m3.5s', 3_723_500],
    ['7.66s', 7_660],
    ['1d', 86_400_000],
    ['1.25', 1_250],
    [String(NOW + 9.5), 9_500],
    ['86400', 86_400_000],
    ['999999999', 999_999_999_000],
    ['2147483647', (2_147_483_647 - NOW) * 1_000],
  ])('%s is %d ms', (text, expected) => {
    expect(waitMs({ 'x-ratelimit-reset': text })).toBe(expected);
  });

  it.each(['', '-5', 'never', '0', '0s', String(NOW - 1), String(NOW_MS - 1), '1000000000', '6x', 'm6'])(
    '%p has passed or is none: it says nothing',
    (text) => {
      expect(waitMs({ 'x-ratelimit-reset': text, 'x-ratelimit-remaining': '0' })).toBeUndefined();
    },
  );

  it('in milliseconds by its name is one', () => {
    expect(waitMs({ 'x-ratelimit-reset-ms': '250' })).toBe(250);
    expect(waitMs({ 'x-ratelimit-reset-ms': String(NOW_MS + 250) })).toBe(250);
  });

  it.each([
    [{ 'x-retry-reset': '9' }],
    [{ 'x-ratelimit-resets': '9' }],
    [{ 'x-ratelimit-limit': '9' }],
    [{ 'x-reset': '9' }],
  ])('is not %j', (headers) => {
    expect(waitMs(headers)).toBeUndefined();
  });
});

describe('of several quotas', () => {
  const openai = (requests: string, tokens: string) => ({
    'x-ratelimit-remaining-requests': requests,
    'x-ratelimit-remaining-tokens': tokens,
    'x-ratelimit-reset-requests': '1s',
    'x-ratelimit-reset-tokens': '6m0s',
  });

  it.each([
    ['only the spent ones count', openai('0', '149984'), 1_000],
    ['the longest of the spent ones counts', openai('0', '0'), 360_000],
    ['none counts if none is spent', openai('1', '1'), undefined],
    ['one that does not say counts', { 'x-ratelimit-reset': '5', 'ratelimit-reset': '9' }, 9_000],
    [
      'one that says so twice is one',
      { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset-after': '9' },
      undefined,
    ],
    ['less than one remaining is none', { 'x-ratelimit-remaining': '0.5', 'x-ratelimit-reset': '5' }, 5_000],
    ['an unreadable rest is none said', { 'x-ratelimit-remaining': 'few', 'x-ratelimit-reset': '5' }, 5_000],
    [
      'a spent one that has been reset hides no other',
      { 'x-ratelimit-reset': '0', 'x-ratelimit-remaining': '0', ratelimit: '"a";r=0;t=5' },
      5_000,
    ],
    [
      'Discord says one twice',
      {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(NOW + 1),
        'x-ratelimit-reset-after': '1.2',
      },
      1_200,
    ],
  ])('%s', (_, headers, expected) => {
    expect(waitMs(headers)).toBe(expected);
  });
});

describe('RateLimit', () => {
  it.each([
    ['"default";r=0;t=5', 5_000],
    ['"100-in-1min"; r=0; t=30', 30_000],
    ['"default";t=5;r=0;pk=:cHsdsRa894==:', 5_000],
    ['default;r=0;t=5', 5_000],
    ['"burst";r=0;t=5, "day";r=9;t=4000', 5_000],
    ['"burst";r=0;t=5,"day";r=0;t=4000', 4_000_000],
    ['"a, r=0;t=99;\\"";r=9;t=5, "b";r=0;t=7', 7_000],
    ['"a";t=5', 5_000],
    ['"a";r=0', undefined],
    ['"a";r=3;t=5', undefined],
    ['"a";vr=0;vt=60;r=3;t=5', undefined],
    ['"a";r=0;t=0', undefined],
    ['limit=10, remaining=0, reset=5', 5_000],
    ['limit=10,remaining=0,reset=5', 5_000],
    ['limit=10;w=60, reset=5', 5_000],
    ['limit=10, remaining=3, reset=5', undefined],
    ['reset=x', undefined],
    ['"unclosed', undefined],
    ['', undefined],
  ])('%s: %p ms', (text, expected) => {
    expect(waitMs({ ratelimit: text })).toBe(expected);
  });
});

describe('an answer refuses', () => {
  it.each([
    [{ 'retry-after': '0' }, true],
    [{ 'x-ratelimit-remaining': '0' }, true],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-remaining-requests': '5' }, true],
    [{ ratelimit: '"a";r=0' }, true],
    [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '5' }, false],
    [{ 'x-ratelimit-reset': '5' }, false],
    [{}, false],
  ])('for now with %j: %p', (headers, expected) => {
    expect(waitOf(new Map(Object.entries(headers)), NOW_MS).refused).toBe(expected);
  });
});

it('a delay says the same in every form that it can be written in', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), (seconds) => {
      const endsMs = NOW_MS + seconds * 1_000;
      const forms: object[] = [
        { 'retry-after': String(seconds) },
        { 'retry-after': new Date(endsMs).toUTCString() },
        { 'retry-after-ms': String(seconds * 1_000) },
        { 'x-ratelimit-reset': String(seconds) },
        { 'x-ratelimit-reset': String(endsMs / 1_000) },
        { 'x-ratelimit-reset': String(endsMs) },
        { 'x-ratelimit-reset': `${Math.floor(seconds / 60)}m${seconds % 60}s` },
        { ratelimit: `"default";r=0;t=${seconds}` },
        { ratelimit: `limit=10, remaining=0, reset=${seconds}` },
      ];
      expect(forms.map(waitMs)).toEqual(forms.map(() => seconds * 1_000));
    }),
  );
});
