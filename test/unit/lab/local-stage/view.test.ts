import { describe, expect, it } from '@jest/globals';
import { changedRows, type PipelineRow, pipelineTable } from '../../../../lab/local-stage/view.ts';

const row = (pipelineId: string, change: Partial<PipelineRow> = {}): PipelineRow => ({
  pipelineId,
  phase: 'Active',
  concurrency: 2,
  visible: 3,
  delayed: 0,
  inFlight: 2,
  deadLetters: 0,
  note: '',
  ...change,
});

describe('the live view', () => {
  it('has one line a pipeline, by id, with a dash for what is not there', () => {
    const gone = { visible: undefined, delayed: undefined, inFlight: undefined, deadLetters: undefined };
    const table = pipelineTable([row('b'), row('a', { phase: 'Deleted', ...gone })], 200);
    expect(table.map((line) => line.split(/\s+/))).toEqual([
      ['pipeline', 'phase', 'limit', 'waiting', 'delayed', 'running', 'dead', 'note'],
      ['a', 'Deleted', '2', '-', '-', '-', '-'],
      ['b', 'Active', '2', '3', '0', '2', '0'],
    ]);
  });

  it('has no line wider than the terminal, however long an id or a note', () => {
    const long = row('x'.repeat(40), { note: 'y'.repeat(300) });
    for (const width of [20, 80, 120]) {
      for (const line of pipelineTable([long], width)) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  it('says in a log what has changed, and nothing twice', () => {
    const first = changedRows(new Map(), [row('a'), row('b')]);
    expect(first.lines).toEqual([
      'a: Active waiting=3 delayed=0 running=2 dead=0',
      'b: Active waiting=3 delayed=0 running=2 dead=0',
    ]);
    const second = changedRows(first.seen, [row('a', { visible: 2, note: 'resting' })]);
    expect(second.lines).toEqual(['a: Active waiting=2 delayed=0 running=2 dead=0 (resting)', 'b: gone']);
    expect(changedRows(second.seen, [row('a', { visible: 2, note: 'resting' })]).lines).toEqual([]);
  });
});
