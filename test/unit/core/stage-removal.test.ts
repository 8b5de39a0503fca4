import { describe, expect, it } from '@jest/globals';
import {
  discardIsKnown,
  type Holding,
  progressLine,
  progressMark,
  refuseRemoval,
  stillThere,
} from '../../../core/stage-removal.ts';
import { newStatus, type StatusRecord } from '../../../core/status-record.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const status = (pipelineId: string, change: Partial<StatusRecord>): StatusRecord => ({
  ...newStatus(pipelineId, NOW),
  ...change,
});
const lease = { owner: 'x', untilMs: 1, busyUntilMs: 1, pending: false };
const holding = (pipelineId: string, change: Partial<Holding> = {}): Holding => ({
  pipelineId,
  tasks: 0,
  deadLetters: 0,
  salvaged: 0,
  unsent: 0,
  ...change,
});

describe('refusing to remove a stage', () => {
  it('does not refuse a stage that holds nothing', () => {
    expect(refuseRemoval('dev', [holding('a'), holding('b')], false)).toBeUndefined();
  });

  it.each<[Partial<Holding>, string]>([
    [{ tasks: 1 }, 'a: 1 task in its queue'],
    [{ deadLetters: 2 }, 'a: 2 dead letters'],
    [{ salvaged: 3 }, 'a: 3 tasks in salvage'],
    [{ unsent: 1000 }, 'a: 1000 tasks of bursts to be sent'],
    [{ tasks: 4, deadLetters: 1, salvaged: 1 }, 'a: 4 tasks in its queue, 1 dead letter, 1 task in salvage'],
  ])('refuses with %j and says what is held and how to lose it', (held, said) => {
    const { message } = refuseRemoval('dev', [holding('a', held), holding('empty')], false) ?? {
      message: '',
    };
    expect(message).toContain(`  ${said}\n`);
    expect(message).toContain('1 of its pipelines still hold tasks');
    expect(message).toContain('sls remove --stage dev --discard');
    expect(message).not.toContain('empty:');
  });

  it('lets a stage go with all it holds when told to discard', () => {
    expect(refuseRemoval('dev', [holding('a', { tasks: 4 })], true)).toBeUndefined();
  });

  it('names twenty pipelines and counts the others', () => {
    const many = Array.from({ length: 25 }, (_, index) => holding(`p${index}`, { tasks: 1 }));
    const { message } = refuseRemoval('dev', many, false) ?? { message: '' };
    expect(message.match(/^ {2}p\d+:/gm)).toHaveLength(20);
    expect(message).toContain('  and 5 more\n');
  });
});

describe('waiting for teardowns', () => {
  it('waits for every phase but Deleted, and for the run that writes it', () => {
    const left = stillThere([
      status('a', { phase: 'Deleted' }),
      status('b', { phase: 'Deleted', lease }),
      status('c', { phase: 'Draining' }),
    ]);
    expect(left.map(({ pipelineId }) => pipelineId)).toEqual(['b', 'c']);
  });

  it('sees a new phase and a new attempt as progress, and the same again as none', () => {
    const before = [status('a', { phase: 'Draining', fence: 1 }), status('b', { phase: 'Active' })];
    expect(progressMark([...before].reverse())).toBe(progressMark(before));
    expect(progressMark([status('a', { phase: 'Draining', fence: 2 })])).not.toBe(
      progressMark(before.slice(0, 1)),
    );
  });

  it('says how many are left, by phase', () => {
    const left = [
      status('a', { phase: 'Draining' }),
      status('b', { phase: 'Draining' }),
      status('c', { phase: 'Failed' }),
    ];
    expect(progressLine(left)).toBe('3 pipelines left: 2 Draining, 1 Failed');
  });

  it.each<[string, StatusRecord | undefined, boolean]>([
    ['no status', undefined, true],
    ['nothing applied', status('a', { phase: 'Creating' }), true],
    ['drain applied', applied('Active', 'drain'), false],
    ['discard applied', applied('Active', 'discard'), true],
    ['a rejected record, which is never applied', applied('Rejected', 'drain'), true],
    ['a failed one', applied('Failed', 'drain'), true],
  ])('knows whether discard has been taken in: %s', (_title, one, known) => {
    expect(discardIsKnown(one)).toBe(known);
  });
});

function applied(phase: StatusRecord['phase'], onDelete: 'drain' | 'discard'): StatusRecord {
  return status('a', {
    phase,
    applied: { wanted: { onDelete } } as unknown as NonNullable<StatusRecord['applied']>,
  });
}
