import { describe, expect, it } from '@jest/globals';
import { page, section, sectionsOf, tableText } from '../../../../lab/bench/report.ts';
import type { Row } from '../../../../lab/bench/row.ts';

const row = (name: string): Row => ({
  name,
  title: `About ${name}`,
  compared: 'This with that.',
  run: async () => ({ tables: [], goals: [], notes: [] }),
});
const circumstances = (date: string) => ({ date, machine: '2 cores' });
const measured = (met: boolean) => ({
  kind: 'measured' as const,
  findings: {
    tables: [{ columns: ['', 'n'], lines: [['records', 1000]] }],
    notes: ['A note.'],
    goals: [{ goal: 'at least 3', measured: '2', met }],
  },
});

describe('the page of benchmarks', () => {
  it('sets numbers right and text left, with a comma between thousands', () => {
    const table = { columns: ['what', 'n', 'time'], lines: [['a | b', 10_000, '1.50 s']] };
    expect(tableText(table)).toBe(
      ['| what | n | time |', '|---|---:|---:|', '| a \\| b | 10,000 | 1.50 s |'].join('\n'),
    );
  });

  it('says date, command and machine with every row, and whether its goal was met', () => {
    const text = section(row('one'), measured(false), circumstances('2026-01-02'));
    expect(text).toContain('Measured 2026-01-02 with `npm run bench -- one`: 2 cores.');
    expect(text).toContain('| at least 3 | 2 | **not met** |');
    expect(text).toContain('| records | 1,000 |');
  });

  it('says of a row that could not run that it was skipped, and why', () => {
    const text = section(row('one'), { kind: 'skipped', why: 'no Python' }, circumstances('2026-01-02'));
    expect(text).toContain('Skipped: no Python');
  });

  it('keeps the sections of rows that did not run this time, in the order of the rows', () => {
    const rows = [row('one'), row('two')];
    const old = new Map(rows.map((r) => [r.name, section(r, measured(true), circumstances('2025-12-31'))]));
    const before = page(rows, old, '');
    const fresh = section(row('two'), measured(true), circumstances('2026-01-02'));
    const after = page(rows, new Map([['two', fresh]]), before);
    expect(sectionsOf(after)).toEqual(new Map([...old, ['two', fresh]]));
    expect([...sectionsOf(after).keys()]).toEqual(['one', 'two']);
  });

  it('forgets the section of a row that there is no more', () => {
    const gone = section(row('gone'), measured(true), circumstances('2025-12-31'));
    expect(page([row('one')], new Map(), page([row('gone')], new Map([['gone', gone]]), ''))).not.toContain(
      'gone',
    );
  });
});
