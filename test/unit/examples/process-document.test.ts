import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TaskContext } from '../../../consumer/index.ts';
import { type DocumentTask, processDocument } from '../../../examples/process-document/handler.ts';

const context: TaskContext = {
  pipelineId: 'customer-a',
  messageId: 'm1',
  attempt: 1,
  deadlineMs: 0,
  remainingMs: () => 0,
  signal: new AbortController().signal,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};

describe('process-document', () => {
  let shown = '';
  beforeEach(() => {
    jest.spyOn(console, 'log').mockImplementation((text: string) => {
      shown = text;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env.PROCESSING_SECONDS;
    delete process.env.SECONDS_PER_MB;
    delete process.env.FAIL_RATE;
  });

  it('shows the task, indented, with the ids of its message', async () => {
    await processDocument({ document: 1, processingSeconds: 0 }, context);
    expect(shown).toContain('\n  "task": {\n    "document": 1');
    expect(JSON.parse(shown)).toMatchObject({ pipelineId: 'customer-a', messageId: 'm1', attempt: 1 });
  });

  it.each<[string, DocumentTask, string | undefined, number]>([
    ['what its task says', { document: 1, processingSeconds: 0.05 }, '9', 0.05],
    ['what the variable says if the task says nothing', { document: 1 }, '0.06', 0.06],
  ])('takes as long as %s', async (_, task, variable, seconds) => {
    if (variable !== undefined) process.env.PROCESSING_SECONDS = variable;
    const startedAtMs = performance.now();
    await processDocument(task, context);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(seconds * 1000 - 2);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('takes as long as its document is large where the variable says so', async () => {
    process.env.SECONDS_PER_MB = '0.1';
    const startedAtMs = performance.now();
    await processDocument({ document: 'uploads/a/1/x.pdf', sizeBytes: 500_000 }, context);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(48);
    expect(performance.now() - startedAtMs).toBeLessThan(900);
  });

  it.each([
    ['the task', { failRate: 0.3 }, undefined],
    ['the variable', {}, '0.3'],
  ])('fails as often as %s says', async (_, own, variable) => {
    if (variable !== undefined) process.env.FAIL_RATE = variable;
    const task = { document: 4, processingSeconds: 0, ...own };
    await expect(processDocument(task, context, () => 0.29)).rejects.toThrow('document 4 failed');
    await expect(processDocument(task, context, () => 0.3)).resolves.toBeUndefined();
  });

  it('never fails unless told to', async () => {
    await processDocument({ document: 1, processingSeconds: 0 }, context, () => 0);
  });

  it('stops when its signal aborts', async () => {
    const signal = AbortSignal.abort();
    await expect(
      processDocument({ document: 1, processingSeconds: 60 }, { ...context, signal }),
    ).rejects.toThrow();
  });
});
