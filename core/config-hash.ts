import { createHash } from 'node:crypto';

/**
 * A short fingerprint of what was applied, to see whether something else is wanted now.
 * Equal for equal JSON whatever the order of its keys; a key that is undefined counts as absent.
 * @param value plain JSON; a bigint or a cycle throws a TypeError
 * @returns the first 16 hexadecimal characters (64 bits) of the SHA-256 of the value's sorted JSON
 */
export function configHash(value: unknown): string {
  return jsonDigest(value).slice(0, 16);
}

/** The same, in full: all 64 hexadecimal characters. */
export function jsonDigest(value: unknown): string {
  return createHash('sha256').update(sortedJson(value)).digest('hex');
}

/** Whether two values are equal as JSON, whatever the order of their keys; a key that is undefined counts as absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  return a === b || sortedJson(a) === sortedJson(b);
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, sortedKeys) ?? 'undefined';
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
