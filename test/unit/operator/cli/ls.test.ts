import { describe, expect, it } from '@jest/globals';
import * as ls from '../../../../operator/cli/commands/ls.ts';
import { rowOf } from '../../../../operator/desk/rows.ts';
import type { LookChoice } from '../../../../operator/views/desk.ts';
import type { PipelineRow, QueueLook } from '../../../../operator/views/pipelines.ts';
import { settledStatus, target } from '../../core/lifecycle/records.ts';
import { typed } from './typed.ts';

const NOW = 1_800_000_000_000;
const empty: QueueLook = { atMs: NOW, waiting: 0, running: 0, delayed: 0, deadLetters: 0 };
const row = (pipelineId: string, look?: Partial<QueueLook>, fields = {}): PipelineRow =>
  rowOf({
    pipelineId,
    nowMs: NOW,
    record: { pipelineId, ...fields },
    status: settledStatus({ pipelineId, applied: target(fields) }),
    look: look && { ...empty, ...look },
  });

/** A desk that looks at the queues it is told to. */
function deskOf(rows: readonly PipelineRow[]) {
  const looked: string[] = [];
  return {
    looked,
    async overview(which: LookChoice = 'all') {
      const bare = rows.map(({ look: _look, ...rest }) => rest);
      const ids = typeof which === 'function' ? which(bare) : [];
      looked.push(...ids);
      const seen = rows.map((one, at) => (ids.includes(one.pipelineId) ? one : bare[at]));
      return { stage: 'test', atMs: NOW, rows: seen as readonly PipelineRow[] };
    },
  };
}

const rows = [
  row('a', { waiting: 1_200, running: 2 }),
  row('b', { deadLetters: 3 }),
  row('c', { waiting: 7 }, { paused: true }),
  rowOf({ pipelineId: 'gone', nowMs: NOW, status: settledStatus({ pipelineId: 'gone', phase: 'Deleted' }) }),
];

describe('sluice ls', () => {
  it('lists what runs, what waits and why, and counts on standard error', async () => {
    const { code, out, said } = await typed(ls, { desk: deskOf(rows) });
    expect(code).toBe(0);
    expect(out.map((line) => line.slice(0, 56).trimEnd())).toEqual([
      'PIPELINE  PHASE   RUNNING  WAITING  LATER  DEAD  WHY',
      'a         Active      2/2    1,200      0     0  working',
      'b         Active      0/2        0      0     3  idle, 3',
      'c         Paused      0/2        7      0     0  paused',
    ]);
    expect(said).toEqual(['3 pipelines · 2 running · 1,207 waiting · 3 dead letters']);
  });

  it.each([
    ['by id', { sort: 'id' }, [], ['a', 'b', 'c']],
    ['by what waits, the most first', { sort: 'waiting' }, [], ['a', 'c', 'b']],
    ['by dead letters', { sort: 'dead' }, [], ['b', 'a', 'c']],
    ['by phase', { sort: 'phase' }, [], ['a', 'b', 'c']],
    ['only of a phase', { phase: 'Paused' }, [], ['c']],
    ['only of a verdict', { verdict: 'idle' }, [], ['b']],
    ['only those that fit a word', {}, ['?', 'x'], ['a', 'b', 'c']],
    ['what is deleted, where somebody asks for it', { phase: 'Deleted' }, [], ['gone']],
    ['what is deleted, by its verdict', { verdict: 'deleted' }, [], ['gone']],
  ])('lists %s', async (_, options, args, ids) => {
    const { out } = await typed(ls, { desk: deskOf(rows), options: { ...options, json: true }, args });
    const answer = JSON.parse(out.join('')) as { rows: PipelineRow[] };
    expect(answer.rows.map(({ pipelineId }) => pipelineId)).toEqual(ids);
  });

  it('looks only at the queues of those that it lists', async () => {
    const desk = deskOf(rows);
    await typed(ls, { desk, args: ['a', 'c'] });
    expect(desk.looked).toEqual(['a', 'c']);
    await typed(ls, { desk, options: { look: false } });
    expect(desk.looked).toEqual(['a', 'c']);
  });

  it('looks at more than 500 only where somebody asks for it, and says so', async () => {
    const many = Array.from({ length: 501 }, (_, at) => row(`p${at}`, {}));
    const desk = deskOf(many);
    const { said, out } = await typed(ls, { desk });
    expect(desk.looked).toEqual([]);
    expect(said.at(-1)).toContain('--look');
    expect(out[1]).toContain('·/2');
    await typed(ls, { desk, options: { look: true } });
    expect(desk.looked).toHaveLength(501);
    await typed(ls, { desk, args: ['p1*'] });
    expect(desk.looked).toHaveLength(501 + 111);
  });

  it('ends with 3 where an id that was named is not there', async () => {
    expect((await typed(ls, { desk: deskOf(rows), args: ['nobody'] })).code).toBe(3);
    expect((await typed(ls, { desk: deskOf(rows), args: ['nobody*'] })).code).toBe(0);
  });
});
