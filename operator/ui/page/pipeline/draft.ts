import type { Fields } from './schema.ts';

/** What stands for a value that is not shown, in what the server answers. */
export const MASKED = '••••••••';

/** A record that is edited. */
export interface RecordDraft {
  /** As it stood in the table when that began: saved is only over this. */
  readonly base: Fields;
  /** As it would be saved; the same object as `base` as long as nothing was edited. */
  readonly record: Fields;
  /** It is edited as JSON: what stands in the text. */
  readonly text?: string;
  /** Why that text is no record; `record` is then the last that was one. */
  readonly fault?: string;
}

export function isTouched({ base, record, fault }: RecordDraft): boolean {
  return record !== base || fault !== undefined;
}

/** Begins anew from a record, edited in the way that it was. */
export function begun(stored: Fields, before?: RecordDraft): RecordDraft {
  const isText = before?.text !== undefined;
  return { base: stored, record: stored, ...(isText && { text: textOf(stored) }) };
}

/** A field of the form was set. */
export function edited({ base }: RecordDraft, record: Fields): RecordDraft {
  return { base, record };
}

/** The text was edited, which need not be JSON at every moment. */
export function typed({ base, record }: RecordDraft, text: string): RecordDraft {
  try {
    const parsed: unknown = JSON.parse(text);
    return isMap(parsed)
      ? { base, record: parsed, text }
      : { base, record, text, fault: 'a record is a map' };
  } catch (error) {
    return { base, record, text, fault: (error as Error).message };
  }
}

export function asText({ base, record }: RecordDraft): RecordDraft {
  return { base, record, text: textOf(record) };
}

/** Back to the form; not while the text is no record, which the form could not show. */
export function asForm(draft: RecordDraft): RecordDraft {
  return draft.fault === undefined ? { base: draft.base, record: draft.record } : draft;
}

/** It has been written: what follows is edited from there. */
export function saved(draft: RecordDraft): RecordDraft {
  return { ...draft, base: draft.record };
}

/**
 * The record was read again. An untouched draft follows it; an edited one stays, but for values that are
 * shown now and were masked, or the other way round.
 */
export function followed(draft: RecordDraft | undefined, stored: Fields): RecordDraft {
  if (draft === undefined) return begun(stored);
  if (isTouched(draft)) return reshown(draft, stored);
  return JSON.stringify(draft.base) === JSON.stringify(stored) ? draft : begun(stored, draft);
}

function reshown(draft: RecordDraft, stored: Fields): RecordDraft {
  const turn = (record: Fields) => turnedFields(record, draft.base, stored);
  const base = turn(draft.base);
  if (base === draft.base) return draft;
  const record = draft.record === draft.base ? base : turn(draft.record);
  const isWhole = draft.text !== undefined && draft.fault === undefined;
  return { ...draft, base, record, ...(isWhole && { text: textOf(record) }) };
}

/** @returns the same object where nothing turns */
function turnedFields(fields: Fields, before: Fields, now: Fields): Fields {
  const turned = Object.entries(fields).map(([name, value]) => [
    name,
    turnedValue(value, before[name], now[name]),
  ]);
  return turned.every(([name, value]) => fields[name as string] === value)
    ? fields
    : Object.fromEntries(turned);
}

function turnedValue(value: unknown, before: unknown, now: unknown): unknown {
  if (now === undefined) return value;
  if (isMap(value) && isMap(before) && isMap(now)) return turnedFields(value, before, now);
  const isTurned = (before === MASKED) !== (now === MASKED);
  return isTurned && JSON.stringify(value) === JSON.stringify(before) ? now : value;
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(record: Fields): string {
  return JSON.stringify(record, null, 2);
}
