import { describe, expect, it } from '@jest/globals';
import { codeRunName, needsRelease } from '../../../core/code-rollout.ts';
import type { Target } from '../../../core/lifecycle/target.ts';
import { newStatus, type Run, type StatusRecord } from '../../../core/status-record.ts';

const release = { key: 'consumer.zip', version: 'v2' };

function target(version: string, codeKey = 'consumer.zip', codeVersion?: string): Target {
  const wanted = codeVersion === undefined ? { codeKey } : { codeKey, codeVersion };
  return { wanted, code: { key: codeKey, version } } as Target;
}

function status(change: Partial<StatusRecord>): StatusRecord {
  return { ...newStatus('a', ''), phase: 'Active', ...change };
}

function run(aim: Target): Run {
  return { kind: 'create', step: 'CreateQueues', startedAtMs: 0, verify: false, target: aim };
}

const waits = {
  phase: 'Rejected' as const,
  error: { code: 'Missing', path: 'codeKey', message: '', at: '' },
};

describe('whether a pipeline needs a release', () => {
  it.each<[string, string, Partial<StatusRecord>]>([
    ['yes', 'runs another version of the key', { applied: target('v1') }],
    ['no', 'runs it', { applied: target('v2') }],
    ['no', 'is pinned', { applied: target('v1', 'consumer.zip', 'v1') }],
    ['no', 'follows another key', { applied: target('o1', 'other.zip') }],
    ['yes', 'is being made with another version', { phase: 'Creating', run: run(target('v1')) }],
    ['yes', 'is being changed to it', { applied: target('v1'), run: run(target('v2')) }],
    ['yes', 'runs another version and its last edit was bad', { phase: 'Rejected', applied: target('v1') }],
    ['askRecord', 'waits for code that was not there', waits],
    ['askRecord', 'runs one key, waits for another', { ...waits, applied: target('o1', 'other.zip') }],
    ['no', 'is going', { applied: target('v1'), closing: { sinceMs: 0, processingOver: false } }],
    ['no', 'is gone', { phase: 'Deleted' }],
  ])('is %s of one that %s', (needs, _what, change) => {
    expect(needsRelease(status(change), release)).toBe(needs);
  });
});

describe("the name of a pipeline's run for a release", () => {
  it('is the same for the same release, and fits Step Functions', () => {
    const name = codeRunName('p'.repeat(40), release);
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
    expect(codeRunName('p'.repeat(40), { ...release })).toBe(name);
    expect(codeRunName('p'.repeat(40), { ...release, version: 'v3' })).not.toBe(name);
  });
});
