import { isSame } from '../../../../core/config-record/changes.ts';
import { isMap } from '../../../../core/config-record/given.ts';
import { MASKED } from '../../../views/pipelines.ts';
import type { Fields } from './schema.ts';

/** A record as it was read from the table. */
export interface Stored {
  readonly record: Fields;
  /** Stands for it with all of its values. */
  readonly standing: string;
}

/** A record that is edited. */
export interface RecordDraft {
  /** As it stood in the table when that began. */
  readonly base: Fields;
  /** What stood for it then: saved is only over this. */
  readonly standing: string;
  /** As it would be saved. */
  readonly record: Fields;
  /** It is edited as JSON: what stands in the text. */
  readonly text?: string;
  /** Why that text is no record; `record` is then the last that was one. */
  readonly fault?: string;
}

export function isTouched({ base, record, fault }: RecordDraft): boolean {
  return fault !== undefined || !isSame(record, base);
}

/** Begins anew from a record, edited in the way that it was. */
export function begun({ record, standing }: Stored, before?: RecordDraft): RecordDraft {
  const isText = before?.text !== undefined;
  return { base: record, standing, record, ...(isText && { text: textOf(record) }) };
}

/** A field of the form was set. */
export function edited({ base, standing }: RecordDraft, record: Fields): RecordDraft {
  return { base, standing, record };
}

/** The text was edited, which need not be JSON at every moment. */
export function typed({ base, standing, record }: RecordDraft, text: string): RecordDraft {
  const draft = { base, standing, record, text };
  try {
    const parsed: unknown = JSON.parse(text);
    return isMap(parsed) ? { ...draft, record: parsed } : { ...draft, fault: 'a record is a map' };
  } catch (error) {
    return { ...draft, fault: (error as Error).message };
  }
}

export function asText({ base, standing, record }: RecordDraft): RecordDraft {
  return { base, standing, record, text: textOf(record) };
}

/** Back to the form; not while the text is no record, which the form could not show. */
export function asForm(draft: RecordDraft): RecordDraft {
  return draft.fault === undefined ? edited(draft, draft.record) : draft;
}

/** It has been written: what follows is edited from there. */
export function saved(draft: RecordDraft, standing: string): RecordDraft {
  return { ...draft, base: draft.record, standing };
}

/**
 * The record was read again. An untouched draft follows it; an edited one stays, but for values that are
 * shown now and were masked, or the other way round.
 */
export function followed(draft: RecordDraft | undefined, stored: Stored): RecordDraft {
  if (draft === undefined) return begun(stored);
  if (isTouched(draft)) return reshown(draft, stored.record);
  const isCurrent = draft.standing === stored.standing && isSame(draft.base, stored.record);
  return isCurrent ? draft : begun(stored, draft);
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
  return isTurned && isSame(value, before) ? now : value;
}

function textOf(record: Fields): string {
  return JSON.stringify(record, null, 2);
}
