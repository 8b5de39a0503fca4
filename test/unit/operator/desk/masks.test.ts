import { describe, expect, it } from '@jest/globals';
import { MASKED, masked, maskedChanges, maskedStatus, unmasked } from '../../../../operator/desk/masks.ts';
import { settledStatus, target } from '../../core/lifecycle/records.ts';

const stands = { pipelineId: 'a', environment: { KEY: 'hush', URL: 'ssm:/x' } };

describe('values of the environment', () => {
  it('are masked in a record, all of them, and their names stay', () => {
    expect(masked(stands)).toEqual({ pipelineId: 'a', environment: { KEY: MASKED, URL: MASKED } });
    expect(masked({ pipelineId: 'a' })).toEqual({ pipelineId: 'a' });
    expect(masked({ environment: 'hush' })).toEqual({ environment: MASKED });
  });

  it('are masked wherever a status repeats them', () => {
    const applied = target({ environment: { KEY: 'hush' } });
    const run = { kind: 'update', step: 'Settle', startedAtMs: 1, verify: false, target: applied } as const;
    const shown = maskedStatus(settledStatus({ applied, run }));
    expect(JSON.stringify(shown)).not.toContain('hush');
    expect(shown.applied?.wanted.environment).toEqual({ KEY: MASKED });
    expect(shown.applied?.hash).toBe(applied.hash);
  });

  it('are masked in changes, which say that there is one', () => {
    const changes = [
      { path: 'environment.KEY', from: 'hush', to: 'hash' },
      { path: 'environment["odd key"]', to: 'x' },
      { path: 'environment', from: {} },
      { path: 'environmentOfMine', to: 'seen' },
    ];
    expect(maskedChanges(changes)).toEqual([
      { path: 'environment.KEY', from: MASKED, to: MASKED },
      { path: 'environment["odd key"]', to: MASKED },
      { path: 'environment', from: MASKED },
      { path: 'environmentOfMine', to: 'seen' },
    ]);
  });

  it('come back for their masks from the record in the table', () => {
    const edited = { pipelineId: 'a', environment: { KEY: MASKED, URL: 'https://y' } };
    expect(unmasked(edited, stands)).toEqual({
      record: { pipelineId: 'a', environment: { KEY: 'hush', URL: 'https://y' } },
      problems: [],
    });
  });

  it('are asked for where a mask stands for nothing', () => {
    const { problems } = unmasked({ environment: { NEW: MASKED } }, stands);
    expect(problems.map(({ path, code }) => ({ path, code }))).toEqual([
      { path: 'environment.NEW', code: 'NotAllowed' },
    ]);
    expect(unmasked({ environment: { KEY: MASKED } }, undefined).problems).toHaveLength(1);
  });
});
