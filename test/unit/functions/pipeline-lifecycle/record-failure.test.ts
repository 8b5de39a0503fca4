import { describe, expect, it } from '@jest/globals';
import { runStep } from '../../../../functions/pipeline-lifecycle/run-step.ts';
import { NOW_MS, settings, settledStatus } from '../../core/lifecycle/records.ts';
import { createStage } from './stage.ts';

const held = (pending = false) =>
  settledStatus({
    phase: 'Updating',
    dirty: true,
    lease: { owner: 'run-1', untilMs: NOW_MS + 1_000, busyUntilMs: 0, pending },
    run: { kind: 'update', step: 'UpdateCode', startedAtMs: NOW_MS, verify: false },
  });
const lambdaSaid = (thrown: unknown) => ({ Error: 'Error', Cause: JSON.stringify(thrown) });

function recordFailure(status = held(), state: Record<string, unknown> = {}) {
  const { stage, ports } = createStage(status);
  const input = {
    step: 'RecordFailure',
    owner: 'run-1',
    state: { pipelineId: 'a', fence: status.fence, run: 'update', ...state },
  };
  return { stage, answer: runStep(input, ports, settings, NOW_MS + 60_000) };
}

describe('RecordFailure', () => {
  it.each([
    {
      of: 'a step that threw',
      state: {
        error: lambdaSaid({ errorType: 'AwsError', errorMessage: 'lambda:UpdateFunctionCode failed' }),
      },
      error: { code: 'AwsError', message: 'lambda:UpdateFunctionCode failed', step: 'UpdateCode' },
    },
    {
      of: 'a step that timed out',
      state: { error: { Error: 'States.Timeout', Cause: '' } },
      error: { code: 'States.Timeout', step: 'UpdateCode' },
    },
    {
      of: 'a cause that is no JSON',
      state: { error: { Error: 'Lambda.Unknown', Cause: 'The function was killed' } },
      error: { code: 'Lambda.Unknown', message: 'The function was killed' },
    },
    {
      of: 'a cause that is JSON and no object',
      state: { error: { Error: 'Odd', Cause: '"text"' } },
      error: { code: 'Odd', message: '"text"' },
    },
    {
      of: 'a step that says what failed',
      state: { failure: { code: 'CodeGone', message: 'no longer there' } },
      error: { code: 'CodeGone', message: 'no longer there', step: 'UpdateCode' },
    },
    {
      of: 'a Claim that failed in a run that began anew',
      state: { run: '', error: lambdaSaid({ errorType: 'AwsError', errorMessage: 'no' }) },
      error: { code: 'AwsError', message: 'no', step: 'Claim' },
    },
  ])('names the step and the error of $of, and frees the lease', async ({ state, error }) => {
    const { stage, answer } = recordFailure(held(), state);
    expect((await answer).outcome).toBe('over');
    expect(stage.status?.lease).toBeUndefined();
    expect(stage.status).toMatchObject({ phase: 'Failed', error, failures: { count: 1 } });
    expect(stage.status?.failures?.retryAtMs).toBeGreaterThan(NOW_MS);
  });

  it('goes round again where somebody left word, but only once for each word', async () => {
    const { stage, answer } = recordFailure(held(true), { run: '' });
    expect(await answer).toMatchObject({ outcome: 'restart', run: '' });
    const second = recordFailure(stage.status, { run: '', fence: stage.status?.fence });
    expect((await second.answer).outcome).toBe('over');
    expect(second.stage.status).toMatchObject({ phase: 'Failed', error: { step: 'Claim' } });
  });

  it('hears a word that is left while it writes', async () => {
    const status = held();
    const { stage, ports } = createStage(status);
    let reads = 0;
    stage.afterRead = () => {
      reads += 1;
      if (reads !== 1 || stage.status?.lease === undefined) return;
      const lease = { ...stage.status.lease, pending: true };
      stage.status = { ...stage.status, lease, revision: stage.status.revision + 1 };
    };
    const state = { pipelineId: 'a', fence: status.fence, run: 'update' };
    const input = { step: 'RecordFailure', owner: 'run-1', state };
    expect((await runStep(input, ports, settings, NOW_MS + 60_000)).outcome).toBe('restart');
    expect(stage.status?.lease?.owner).toBe('run-1');
  });

  it('leaves the pipeline to whoever holds the lease now', async () => {
    const theirs = {
      ...held(),
      lease: { owner: 'run-2', untilMs: NOW_MS + 1, busyUntilMs: 0, pending: false },
    };
    const { stage, answer } = recordFailure(theirs);
    expect((await answer).outcome).toBe('over');
    expect(stage.status).toEqual(theirs);
  });
});
