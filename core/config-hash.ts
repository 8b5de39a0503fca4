import { createHash } from 'node:crypto';
import { sortedJson } from './equal-json.ts';

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
