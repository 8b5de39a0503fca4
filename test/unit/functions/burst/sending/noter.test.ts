import { describe, expect, it } from '@jest/globals';
import { createNoter, type NoteEnd } from '../../../../../functions/burst/sending/noter.ts';

/** A table whose writes end when they are told to. */
function slowTable() {
  const writes: { readonly numbers: readonly number[]; end(how: NoteEnd | Error): void }[] = [];
  const note = createNoter(
    (numbers) =>
      new Promise((resolve, reject) => {
        writes.push({ numbers, end: (how) => (how instanceof Error ? reject(how) : resolve(how)) });
      }),
  );
  return { writes, note };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('noting calls', () => {
  it('has one write under way; what comes meanwhile goes together with the next', async () => {
    const { writes, note } = slowTable();
    const first = note([1]);
    await settled();
    const others = [note([2]), note([3, -1]), note([4])];
    await settled();
    expect(writes.map(({ numbers }) => numbers)).toEqual([[1]]);
    writes[0]?.end('noted');
    expect(await first).toBe('noted');
    await settled();
    expect(writes.map(({ numbers }) => numbers)).toEqual([[1], [2, 3, -1, 4]]);
    writes[1]?.end('over');
    expect(await Promise.all(others)).toEqual(['over', 'over', 'over']);
  });

  it('tells everybody whose numbers a failed write had, and nobody else', async () => {
    const { writes, note } = slowTable();
    const first = note([1]).catch(() => 'failed');
    await settled();
    const second = note([2]);
    writes[0]?.end(new Error('no answer'));
    expect(await first).toBe('failed');
    await settled();
    writes[1]?.end('noted');
    expect(await second).toBe('noted');
    expect(writes[1]?.numbers).toEqual([2]);
  });
});
