import { duration } from '../../../../core/verdict/amounts.ts';

export { duration };

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

export function count(value: number): string {
  return whole.format(value);
}

/** For narrow columns: whole numbers up to 9,999, then 12.3K. */
export function compact(value: number): string {
  return Math.abs(value) < 10_000 ? whole.format(value) : short.format(value);
}

/** Three digits that matter: 0.25, 4.2, 120. */
export function digits(value: number): string {
  if (value === 0) return '0';
  return value.toLocaleString('en-US', { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 21 });
}

export function perSecond(value: number): string {
  return value >= 0.1 || value === 0 ? `${digits(value)}/s` : `${digits(value * 60)}/min`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Of the reader's own clock. */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

export function dateAndClock(ms: number): string {
  const date = new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${date}, ${clock(ms)}`;
}

/** Seconds, as short as they can be read: 850 ms, 4.2 s, 2 min 5 s. */
export function seconds(value: number): string {
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  return value < 60 ? `${digits(Math.round(value * 10) / 10)} s` : duration(value);
}

/** Versions of S3 are long; their beginnings tell them apart. */
export function version(value: string): string {
  return value.slice(0, 8);
}

/** One value of a record, on one line. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
