/** What options say, read; each throws an Error whose message says what is allowed. */

/** `integer(1)`: reads a whole number of 1 or more. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text.replaceAll(/[,_]/g, ''));
    if (/^[\d,_]+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new Error(`It must be a whole number of ${least} or more.`);
  };
}

/** Seconds from one to another, both included: `10..100`. */
export function window(text: string): { readonly minSeconds: number; readonly maxSeconds: number } {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const [minSeconds, maxSeconds] = [Number(from), Number(to)];
  if (from !== undefined && minSeconds <= maxSeconds) return { minSeconds, maxSeconds };
  throw new Error('It must be two whole numbers of seconds, the smaller first, for example 10..100.');
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A time span as seconds: `90`, `90s`, `10m`, `2h`, `1d`. */
export function seconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) ?? [];
  const value = Number(amount) * (UNITS[unit] ?? 1);
  if (amount !== undefined && value > 0) return value;
  throw new Error('It must be a time span, for example 30s, 10m, 2h or 1d.');
}
