import { describe, expect, it } from '@jest/globals';
import {
  changesBetween,
  type Known,
  withLooks,
  withOverview,
} from '../../../../../../operator/ui/server/live/rows.ts';
import type { PipelineRow, QueueLook } from '../../../../../../operator/views/pipelines.ts';

const LOOK: QueueLook = { atMs: 1, waiting: 7, running: 2, delayed: 0, deadLetters: 0 };

function row(pipelineId: string, more: Partial<PipelineRow> = {}): PipelineRow {
  return {
    pipelineId,
    phase: 'Active',
    verdict: { kind: 'idle', isResting: false },
    says: 'idle',
    isPaused: false,
    ...more,
  };
}
const working = row('a', {
  look: LOOK,
  verdict: { kind: 'working', load: LOOK, etaSeconds: 9 },
  says: 'working',
});
const overview = (...rows: PipelineRow[]) => ({ stage: 'local', atMs: 2, rows });
const known = (...rows: PipelineRow[]): Known => ({
  rows: new Map(rows.map((one) => [one.pipelineId, one])),
});

describe('what is known of a stage', () => {
  it('nothing changed: nothing is told', () => {
    const before = known(working, row('b'));
    const after = withOverview(before, overview({ ...working, look: { ...LOOK, atMs: 99 } }, row('b')));
    expect(changesBetween(before, after)).toEqual({ rows: [], removed: [] });
  });

  it('new rows, other rows and those that are gone are told', () => {
    const before = known(row('a'), row('b'), row('c'));
    const after = withOverview(before, overview(row('a', { isPaused: true }), row('b'), row('d')));
    const { rows, removed } = changesBetween(before, after);
    expect(rows.map(({ pipelineId }) => pipelineId)).toEqual(['a', 'd']);
    expect(removed).toEqual(['c']);
  });

  it('who was not looked at this time keeps the last look and what it led to', () => {
    const after = withOverview(known(working), overview(row('a', { codeVersion: '2' })));
    expect(after.rows.get('a')).toEqual({ ...working, codeVersion: '2' });
  });

  it('what the records say counts at once, also without a look', () => {
    const paused = row('a', { verdict: { kind: 'paused', waiting: 0 }, says: 'paused' });
    expect(withOverview(known(working), overview(paused)).rows.get('a')).toEqual({ ...paused, look: LOOK });
  });

  it('a look changes its row alone, and none that is unknown', () => {
    const before = known(working, row('b'));
    const looks = new Map([
      ['a', { ...LOOK, waiting: 8 }],
      ['z', LOOK],
    ]);
    const after = withLooks(before, looks);
    expect(changesBetween(before, after)).toEqual({
      rows: [{ ...working, look: { ...LOOK, waiting: 8 } }],
      removed: [],
    });
  });
});
