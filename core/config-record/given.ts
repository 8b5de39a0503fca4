import { shorten } from '../problems.ts';

/** Deeper than any field of a record; what lies below is not looked at. */
const DEEPEST = 6;

/**
 * The record as plain values. The document client hands numbers too large or too precise for a double
 * over as bigint or NumberValue (both become the nearest number here, for the range checks to judge), and
 * sets and binary as Set and Uint8Array, which no field takes: they become symbols, which no schema takes.
 */
export function plainValue(value: unknown, depth = 0): unknown {
  // Adding 0 turns -0, which DynamoDB does not know, into 0.
  if (typeof value === 'number') return value + 0;
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth > DEEPEST) return Symbol('too deep');
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1));
  if (isMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item, depth + 1)]));
  }
  return isNumberValue(value) ? Number(value.value) : Symbol('no plain value');
}

/** A DynamoDB map, or any plain object. */
export function isMap(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Also an Object of another realm, such as a test's sandbox: its prototype has none itself.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** `NumberValue` of @aws-sdk/lib-dynamodb, seen by its shape: core knows no SDK. */
function isNumberValue(value: object): value is { value: string } {
  return 'value' in value && typeof value.value === 'string' && /^[-+]?\d/.test(value.value);
}

/**
 * Shows a value in a few words.
 * @param secret its content may be a secret: say its kind and size only
 */
export function describeGiven(value: unknown, secret = false): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
      return secret ? `a text of ${value.length} characters` : JSON.stringify(shorten(value, 40));
    case 'number':
    case 'bigint':
      return secret ? 'a number' : String(value);
    case 'boolean':
      return secret ? 'a boolean' : String(value);
    case 'object':
      return describeObject(value, secret);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object | null, secret: boolean): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isMap(value)) {
    const keys = Object.keys(value);
    return secret ? `a map of ${keys.length}` : shorten(`{${keys.join(', ')}}`, 60);
  }
  if (value instanceof Set) return `a set of ${value.size}`;
  if (ArrayBuffer.isView(value)) return `binary of ${value.byteLength} bytes`;
  if (isNumberValue(value)) return secret ? 'a number' : shorten(value.value, 40);
  return 'something that is no plain value';
}
