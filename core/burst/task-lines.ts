import { createLineSplitter } from './lines.ts';
import { INVALID_JSON, type ReadTask, readLine, TOO_LARGE } from './task.ts';

/** A line that is no task. */
export interface BadLine {
  /** From 1, as editors count them. */
  readonly line: number;
  readonly code: typeof INVALID_JSON | typeof TOO_LARGE;
  /** Where its JSON ends to be any, in the words of the engine that has read it. */
  readonly why?: string;
}

/** JSON Lines as somebody has handed them over. */
export interface LinesRead {
  readonly tasks: number;
  readonly badLines: number;
  /** The first of them. */
  readonly bad: readonly BadLine[];
}

/** Bad lines that are named before it is said how many more there are. */
const NAMED = 5;
/** As long as the id that a burst is given which has none. */
const ANY_BURST_ID = 'x'.repeat(36);

/**
 * Looks at each line as the trigger would.
 * @param jsonLines UTF-8
 * @param take is given each task, also one that is none
 */
export function readTaskLines(
  jsonLines: Uint8Array,
  take: (task: ReadTask) => void,
  burstId = ANY_BURST_ID,
): LinesRead {
  const bad: BadLine[] = [];
  let [line, index, badLines] = [0, 0, 0];
  for (const text of linesOf(jsonLines)) {
    line += 1;
    const task = readLine(text, { index, endByte: 0 }, burstId);
    if (task === undefined) continue;
    index += 1;
    take(task);
    if (task.kind === 'task') continue;
    badLines += 1;
    const why = task.code === INVALID_JSON ? whyNoJson(text) : undefined;
    if (bad.length < NAMED) bad.push({ line, code: task.code, ...(why !== undefined && { why }) });
  }
  return { tasks: index - badLines, badLines, bad };
}

/** `line 2 is no JSON, line 3 is larger than 1 MiB, and 4 more`. */
export function badLinesText({ bad, badLines }: Pick<LinesRead, 'bad' | 'badLines'>): string {
  const named = bad.map(({ line, code }) => `line ${count(line)} is ${WHATS[code]}`).join(', ');
  return badLines > bad.length ? `${named}, and ${count(badLines - bad.length)} more` : named;
}

export const WHATS: Readonly<Record<BadLine['code'], string>> = {
  [INVALID_JSON]: 'no JSON',
  [TOO_LARGE]: 'larger than 1 MiB',
};

/** Lambda takes 6 MB in a call: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const INLINE_BYTES = 4_000_000;
export const INLINE_TASKS = 50_000;

/** Why tasks do not go into a call of the trigger. */
export type NotInline =
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'tooLarge' }
  /** A number that comes out of a program as another one: more digits than a double has, or beyond its range. */
  | { readonly kind: 'inexact'; readonly line: number };

/** The tasks themselves, where they fit into one call of the trigger and go through it unchanged. */
export function inlineTasks(
  jsonLines: Uint8Array,
): { readonly kind: 'inline'; readonly tasks: readonly unknown[] } | NotInline {
  if (jsonLines.byteLength > INLINE_BYTES) return { kind: 'tooLarge' };
  const tasks: unknown[] = [];
  let [line, bytes] = [0, '[]'.length];
  for (const text of linesOf(jsonLines)) {
    line += 1;
    if (text.trim() === '') continue;
    if (!isExact(text)) return { kind: 'inexact', line };
    const task: unknown = JSON.parse(text);
    tasks.push(task);
    // Written anew it may be longer: 1e20 is.
    bytes += utf8.encode(JSON.stringify(task)).length + ','.length;
    if (tasks.length > INLINE_TASKS) return { kind: 'tooMany' };
    if (bytes > INLINE_BYTES) return { kind: 'tooLarge' };
  }
  return { kind: 'inline', tasks };
}

const utf8 = new TextEncoder();
/** Most lines have no number that is worth a look. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/;
const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const NUMBERS = /-?\d[\d.eE+-]*/g;
/** Of as many a double keeps every one. */
const DIGITS_KEPT = 15;

/** Whether a program that reads JSON and writes it again leaves its numbers as they are. */
function isExact(json: string): boolean {
  if (!LONG_NUMBER.test(json)) return true;
  const numbers = json.replace(STRINGS, '').match(NUMBERS) ?? [];
  return numbers.every((text) => {
    if (String(Number(text)) === text) return true;
    const digits = text
      .replace(/[eE].*$/, '')
      .replace(/\D/g, '')
      .replace(/^0+/, '');
    return digits.length <= DIGITS_KEPT && Number.isFinite(Number(text));
  });
}

function whyNoJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    // All of it is one line, which is told beside.
    return (error as Error).message.replace(/ \(line 1 column \d+\)$/, '');
  }
}

function* linesOf(jsonLines: Uint8Array): Generator<string, void> {
  const splitter = createLineSplitter(0);
  for (const { text } of splitter.lines(jsonLines)) yield text;
  for (const { text } of splitter.end()) yield text;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
