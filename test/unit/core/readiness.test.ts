import { describe, expect, it } from '@jest/globals';
import type { Target } from '../../../core/lifecycle/target.ts';
import { readiness } from '../../../core/readiness.ts';
import { newStatus, type StatusRecord } from '../../../core/status-record.ts';

const made = { applied: {} as Target, queueUrl: 'q', deadLetterQueueUrl: 'd' };
const closing = { sinceMs: 0, processingOver: false };
const error = { code: 'Missing', message: 'upload the code', at: '' };

function judge(change: Partial<StatusRecord> | undefined, hasConfigRecord = false) {
  const status = change && { ...newStatus('a', ''), ...change };
  const judged = readiness('a', status, hasConfigRecord);
  return judged.kind === 'refused' ? judged.refused.code : judged.kind;
}

describe('whether a pipeline takes tasks', () => {
  it.each<[string, string, Partial<StatusRecord> | undefined, boolean]>([
    ['UnknownPipeline', 'nobody knows it', undefined, false],
    ['wait', 'its record was just written', undefined, true],
    ['UnknownPipeline', 'it was deleted', { phase: 'Deleted' }, false],
    ['wait', 'it was deleted and its record is there again', { phase: 'Deleted' }, true],
    ['wait', 'it is being made', { phase: 'Creating' }, true],
    ['ready', 'it is Active', { phase: 'Active', ...made }, true],
    ['ready', 'it is Paused', { phase: 'Paused', ...made }, true],
    ['ready', 'it is Updating', { phase: 'Updating', ...made }, true],
    ['ready', 'its last edit was bad', { phase: 'Rejected', ...made, error }, true],
    ['ready', 'its last run failed', { phase: 'Failed', ...made, error }, true],
    ['NotReady', 'its first record was bad', { phase: 'Rejected', error }, true],
    ['Draining', 'it drains', { phase: 'Draining', ...made, closing }, false],
    ['Draining', 'its teardown failed', { phase: 'Failed', ...made, closing }, false],
  ])('is %s where %s', (expected, _where, change, hasConfigRecord) => {
    expect(judge(change, hasConfigRecord)).toBe(expected);
  });

  it('says why it was never made', () => {
    const judged = readiness('a', { ...newStatus('a', ''), phase: 'Rejected', error }, true);
    expect(judged.kind === 'refused' && judged.refused.message).toContain('upload the code');
  });
});
