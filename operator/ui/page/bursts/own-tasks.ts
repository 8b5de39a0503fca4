import {
  INLINE_BYTES,
  INLINE_TASKS,
  inlineTasks,
  type LinesRead,
  type NotInline,
  readTaskLines,
} from '../../../../core/burst/task-lines.ts';
import type { Said } from '../../../../core/spread/estimate.ts';
import { count } from '../parts/format.ts';

/** What somebody has written, or the file that was chosen. */
export type Given =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly jsonLines: Uint8Array }
  /** It is not even read. */
  | { readonly kind: 'hugeFile'; readonly name: string };

/** Tasks as they were given, a line of JSON each. */
export type OwnTasks =
  | { readonly kind: 'none' }
  | { readonly kind: 'bad'; readonly lines: LinesRead }
  /** The page cannot hand them over; other ways can. */
  | { readonly kind: 'elsewhere'; readonly says: string }
  | { readonly kind: 'tasks'; readonly tasks: readonly unknown[]; readonly said: readonly Said[] };

export const NOTHING_GIVEN: Given = { kind: 'text', text: '' };

/** Looks at each line as the trigger would, and at all of them as the server of the page. */
export function readOwnTasks(given: Given): OwnTasks {
  if (given.kind === 'hugeFile') return elsewhere({ kind: 'tooLarge' });
  // No text has fewer bytes than it has characters.
  if (given.kind === 'text' && given.text.length > INLINE_BYTES) return elsewhere({ kind: 'tooLarge' });
  const jsonLines = given.kind === 'text' ? new TextEncoder().encode(given.text) : given.jsonLines;
  const said: Said[] = [];
  const lines = readTaskLines(jsonLines, (task) => {
    if (task.kind === 'task') said.push(task.said);
  });
  if (lines.badLines > 0) return { kind: 'bad', lines };
  if (lines.tasks === 0) return { kind: 'none' };
  const inline = inlineTasks(jsonLines);
  return inline.kind === 'inline' ? { kind: 'tasks', tasks: inline.tasks, said } : elsewhere(inline);
}

/** Reads a file, unless it is too large anyway. */
export async function givenFile(file: Pick<File, 'name' | 'size' | 'arrayBuffer'>): Promise<Given> {
  const { name, size } = file;
  if (size > INLINE_BYTES) return { kind: 'hugeFile', name };
  return { kind: 'file', name, jsonLines: new Uint8Array(await file.arrayBuffer()) };
}

function elsewhere(why: NotInline): OwnTasks {
  return { kind: 'elsewhere', says: whyElsewhere(why) };
}

function whyElsewhere(why: NotInline): string {
  switch (why.kind) {
    case 'tooLarge':
      return `These are more than ${INLINE_BYTES / 1e6} MB, and the page hands over no more at once.`;
    case 'tooMany':
      return `These are more than ${count(INLINE_TASKS)} tasks, and the page hands over no more at once.`;
    case 'inexact':
      return `Line ${count(why.line)} has a number with more digits than the page can keep: write it as a text.`;
  }
}
