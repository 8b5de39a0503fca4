/**
 * How long a response asks its client to wait.
 *
 * `Retry-After`: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3, its dates: section 5.6.7.
 * `RateLimit`: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10 (`"default";r=0;t=5`),
 * …-07 (`limit=10, remaining=0, reset=5`), …-06 (`RateLimit-Remaining`, `RateLimit-Reset`).
 */

type Headers = ReadonlyMap<string, string>;

/** What a response says of when to come back. */
export interface Wait {
  /** Milliseconds, a whole number. 0: at once. Missing: it does not say. */
  readonly retryAfterMs?: number;
  /** It says itself that it refuses for now: with a time to come back at, or with a quota of which nothing remains. */
  readonly refused: boolean;
}

/** A quota and its window. */
interface Quota {
  remaining?: number;
  /** Until there is more of it, milliseconds; not above 0 if that should have been already. */
  resetMs?: number;
}

/**
 * Headers that name the wait itself, the first that can be read counts, and what a number in them stands for.
 * Milliseconds: openai-node, https://github.com/Azure/azure-sdk-for-js (throttlingRetryStrategy), @smithy/core
 * (parseRetryAfterHeader); the last: https://github.com/sindresorhus/ky/pull/771.
 */
const EXPLICIT: readonly (readonly [name: string, unitMs: number])[] = [
  ['retry-after-ms', 1],
  ['x-ms-retry-after-ms', 1],
  ['x-amz-retry-after', 1],
  ['retry-after', 1_000],
  ['x-ratelimit-retry-after', 1_000],
];

/**
 * Reads a response's wait. A header that names it takes precedence over every quota (section 6 of the draft); of the
 * quotas, those count of which nothing remains or which do not say, and the longest of them. A quota's reset that has
 * passed already says nothing: the request was refused after it.
 * @param nowMs stands in for the response's own `Date`, from which its dates are counted where it has one: the two
 *   clocks need not agree
 */
export function waitOf(headers: Headers, nowMs: number): Wait {
  const sentMs = dateMs(headers.get('date') ?? '') ?? nowMs;
  const explicitMs = explicitOf(headers, sentMs);
  const quotas = quotasOf(headers, sentMs);
  const resetsMs = quotas.filter(({ remaining = 0 }) => remaining < 1).map(({ resetMs = 0 }) => resetMs);
  const retryAfterMs = explicitMs ?? longest(resetsMs.filter((resetMs) => resetMs > 0));
  const refused = explicitMs !== undefined || quotas.some(({ remaining = 1 }) => remaining < 1);
  return retryAfterMs === undefined ? { refused } : { retryAfterMs: wholeMs(retryAfterMs), refused };
}

function explicitOf(headers: Headers, sentMs: number): number | undefined {
  for (const [name, unitMs] of EXPLICIT) {
    const waitMs = waitMsOf(headers.get(name) ?? '', sentMs, unitMs);
    if (waitMs !== undefined) return Math.max(0, waitMs);
  }
  return undefined;
}

function quotasOf(headers: Headers, sentMs: number): Quota[] {
  const quotas = new Map<string, Quota>();
  for (const [name, value] of headers) {
    // x-ratelimit-reset, x-rate-limit-reset, x-ratelimit-reset-after, …-reset-tokens, anthropic-ratelimit-tokens-reset.
    const [part, field] = /-(remaining|reset)(?:-after)?\b/.exec(name) ?? [];
    if (part === undefined || !/rate-?limit/.test(name)) continue;
    const key = name.replace(part, '');
    const quota = quotas.get(key) ?? {};
    quotas.set(key, quota);
    if (field === 'reset') {
      const resetMs = waitMsOf(value, sentMs, name.endsWith('-ms') ? 1 : 1_000);
      if (resetMs !== undefined) quota.resetMs = Math.max(quota.resetMs ?? 0, resetMs);
    } else {
      const remaining = Number.parseFloat(value);
      if (!Number.isNaN(remaining)) quota.remaining = remaining;
    }
  }
  return [...quotas.values(), ...policiesOf(headers.get('ratelimit') ?? '', sentMs)];
}

/** `RateLimit`, of either draft. Names of policies are quoted, and may hold anything. */
function policiesOf(text: string, sentMs: number): Quota[] {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '');
  return (bare.includes('reset=') ? [bare] : bare.split(',')).map((item) => {
    const quota: Quota = {};
    const remaining = /\b(?:remaining|r)=(\d+)/.exec(item)?.[1];
    const resetMs = waitMsOf(/\b(?:reset|t)=([\d.]+)/.exec(item)?.[1] ?? '', sentMs, 1_000);
    if (remaining !== undefined) quota.remaining = Number(remaining);
    if (resetMs !== undefined) quota.resetMs = resetMs;
    return quota;
  });
}

/**
 * A number of units, a duration, a date, or several of these, of which the longest counts. A number that would be more
 * than 31 years is a moment: of 1e9 to 1e11 in seconds since 1970, above that in milliseconds.
 * @returns milliseconds from `sentMs` on, below 0 for what has passed
 */
function waitMsOf(text: string, sentMs: number, unitMs: number): number | undefined {
  // Not at the comma of "Sun, 06 Nov 1994".
  const parts = text.split(/,(?!\s*\d\d?[ -][a-z])/i).map((part) => part.trim());
  return longest(
    parts.map((part) => {
      const number = numberOf(part);
      if (number === undefined) return durationMs(part) ?? dateMs(part, sentMs);
      const valueMs = number < 1e11 ? number * unitMs : number;
      return valueMs < 1e12 ? valueMs : valueMs - sentMs;
    }),
  );
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

/** As Go writes them: `6m0s`, `250ms` (https://platform.openai.com/docs/guides/rate-limits, console.groq.com). */
function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return undefined;
  return [...text.matchAll(/([\d.]+)([a-z]+)/g)].reduce(
    (sumMs, [, number, unit]) => sumMs + Number(number) * (UNITS_MS[unit ?? ''] ?? 0),
    0,
  );
}

/** The three forms of RFC 9110, and RFC 3339. One without a zone (asctime) is in UTC, whatever this process's zone. */
function dateMs(text: string, sinceMs = 0): number | undefined {
  if (!/^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*:|\d{4}-\d\d-\d\d)/i.test(text)) return undefined;
  const timeMs = Date.parse(/(?:[a-z]|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(timeMs) ? undefined : timeMs - sinceMs;
}

function longest(waitsMs: readonly (number | undefined)[]): number | undefined {
  return waitsMs.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}

/** A number that is not below 0, or a text that is just that. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(?:\.\d*)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number < Number.POSITIVE_INFINITY ? number : undefined;
}

/** Never early by a fraction, and a number that arithmetic can go on with. */
export function wholeMs(waitMs: number): number {
  return Math.min(Math.ceil(waitMs), Number.MAX_SAFE_INTEGER);
}
