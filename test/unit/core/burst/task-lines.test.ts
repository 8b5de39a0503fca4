import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReadTask } from '../../../../core/burst/task.ts';
import {
  badLinesText,
  INLINE_BYTES,
  INLINE_TASKS,
  inlineTasks,
  readTaskLines,
} from '../../../../core/burst/task-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => {
  const tasks: ReadTask[] = [];
  return { ...readTaskLines(bytes(text), (task) => tasks.push(task)), taken: tasks };
};

describe('lines of JSON', () => {
  it('are a task each; lines with nothing in them are none', () => {
    const { tasks, badLines, taken } = read('{"page":1}\r\n\n  2 \n"three"');
    expect([tasks, badLines]).toEqual([3, 0]);
    expect(taken.map((task) => task.kind === 'task' && task.body)).toEqual(['{"page":1}', '2', '"three"']);
  });

  it('that are none are told by their line, and why, as editors count lines', () => {
    const { tasks, bad, badLines } = read(`1\n\n{"page":\n${JSON.stringify('x'.repeat(1_100_000))}\n{a:1}`);
    expect([tasks, badLines]).toEqual([1, 3]);
    expect(bad).toEqual([
      { line: 3, code: 'InvalidJson', why: expect.any(String) },
      { line: 4, code: 'TooLarge' },
      { line: 5, code: 'InvalidJson', why: expect.any(String) },
    ]);
    expect(badLinesText({ bad, badLines })).toBe(
      'line 3 is no JSON, line 4 is larger than 1 MiB, line 5 is no JSON',
    );
  });

  it('five that are none are named, and the others counted', () => {
    const found = read('{\n'.repeat(1_300));
    expect(found.bad).toHaveLength(5);
    expect(badLinesText(found)).toMatch(/^line 1 is no JSON, .*line 5 is no JSON, and 1,295 more$/);
  });
});

describe('tasks in a call', () => {
  it('are what was written, whatever that is', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (tasks) => {
        const kept = tasks.map((task) => JSON.parse(JSON.stringify(task)) as unknown);
        expect(inlineTasks(bytes(kept.map((task) => JSON.stringify(task)).join('\n')))).toEqual({
          kind: 'inline',
          tasks: kept,
        });
      }),
    );
  });

  it.each([
    ['more digits than a double keeps', '{"id":12345678901234567890}'],
    ['more digits after the point', '[0.12345678901234567]'],
    ['beyond all doubles', '1e999'],
    ['a long one behind a text that has a quote', '{"a\\"":"\\\\","id":-9007199254740993}'],
  ])('have no number that would come out as another one: %s', (_, line) => {
    expect(inlineTasks(bytes(`1\n${line}\n`))).toEqual({ kind: 'inexact', line: 2 });
  });

  it.each([
    ['a long number in a text', '{"id":"12345678901234567890"}'],
    ['what a program itself writes', String(Number.MAX_VALUE)],
    ['another way to write it', '[1.50, 1E3, -0.10, 2.5e-3]'],
  ])('may have %s', (_, line) => {
    expect(inlineTasks(bytes(line)).kind).toBe('inline');
  });

  it('are no more, and no larger, than a call takes', () => {
    expect(inlineTasks(bytes('1\n'.repeat(INLINE_TASKS))).kind).toBe('inline');
    expect(inlineTasks(bytes('1\n'.repeat(INLINE_TASKS + 1)))).toEqual({ kind: 'tooMany' });
    expect(inlineTasks(bytes(`"${'x'.repeat(INLINE_BYTES)}"`))).toEqual({ kind: 'tooLarge' });
    // 4 characters become 21.
    expect(inlineTasks(bytes(`[${'1e20,'.repeat(300_000)}1]`))).toEqual({ kind: 'tooLarge' });
  });
});
