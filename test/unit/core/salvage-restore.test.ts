import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterRestore, parseRestore, planObject } from '../../../core/salvage-restore.ts';
import { newStatus, type StatusRecord } from '../../../core/status-record.ts';

describe('what a restore is given', () => {
  it('sends all of it unless it says otherwise', () => {
    expect(parseRestore({ pipelineId: 'a' })).toEqual({
      pipelineId: 'a',
      include: 'all',
      limit: Number.MAX_SAFE_INTEGER,
    });
  });

  it.each([
    [{}, 'pipelineId must be'],
    [{ pipelineId: 'a', include: 'dlq' }, 'include must be "tasks" or "deadLetters" or "all"'],
    [{ pipelineId: 'a', limit: 0 }, 'limit must be an integer of 1 or more'],
    [{ pipelineId: 'a', max: 1 }, 'max is not a known field'],
    [undefined, 'input must be a map of fields'],
  ])('refuses %j and says what to do', (raw, message) => {
    expect(() => parseRestore(raw)).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
    expect(() => parseRestore(raw)).toThrow(message);
  });
});

describe('what to do with one salvage object', () => {
  const from = fc.constantFrom<'queue' | 'deadLetterQueue'>('queue', 'deadLetterQueue');
  const line = fc.record({ messageId: fc.constantFrom('a', 'b', 'c', 'd', 'e'), from });
  const include = fc.constantFrom<'tasks' | 'deadLetters' | 'all'>('tasks', 'deadLetters', 'all');

  it('puts every line in one place, sends each id once, none sent before, none beyond the room', () => {
    fc.assert(
      fc.property(
        fc.array(line),
        include,
        fc.subarray(['a', 'b', 'c']),
        fc.nat(5),
        (lines, which, before, room) => {
          const sent = new Set(before);
          const plan = planObject(lines, which, sent, room);
          expect(plan.send.length + plan.duplicates.length + plan.keep.length).toBe(lines.length);
          const ids = plan.send.map(({ messageId }) => messageId);
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids.length).toBeLessThanOrEqual(room);
          expect(ids.filter((id) => sent.has(id))).toEqual([]);
          for (const one of plan.duplicates)
            expect(sent.has(one.messageId) || ids.includes(one.messageId)).toBe(true);
          if (which === 'all' && room >= lines.length) expect(plan.keep).toEqual([]);
        },
      ),
    );
  });
});

describe('the status after a restore', () => {
  const before: StatusRecord = { ...newStatus('a', ''), salvage: { uri: 's3://x/', count: 10 } };

  it('says what is left, and nothing where nothing is', () => {
    expect(afterRestore(before, 's3://x/', 3, 7)?.salvage).toEqual({ uri: 's3://x/', count: 3 });
    expect(afterRestore(before, 's3://x/', 0, 10)).not.toHaveProperty('salvage');
    expect(afterRestore(before, 's3://x/', 10, 0)).toBeUndefined();
  });

  it('takes off what was sent where a teardown has begun, which adds its own in the end', () => {
    const closing = { sinceMs: 0, processingOver: true };
    expect(afterRestore({ ...before, closing }, 's3://x/', 50, 4)?.salvage?.count).toBe(6);
  });
});
