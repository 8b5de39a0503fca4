import { describe, expect, it } from '@jest/globals';
import { changesBetween } from '../../../../core/config-record/changes.ts';
import { parseConfigRecord } from '../../../../core/config-record.ts';
import { problemMessage } from '../../../../core/problems.ts';
import { masked, maskedChanges, maskedStatus, unmasked } from '../../../../operator/desk/masks.ts';
import { MASKED } from '../../../../operator/views/pipelines.ts';
import { settledStatus, target } from '../../core/lifecycle/records.ts';

const stands = { pipelineId: 'a', environment: { KEY: 'hush', URL: 'ssm:/x' } };

describe('a field that is none', () => {
  const typo = { pipelineId: 'a', concurrency: 3, enviroment: { KEY: 'hush', DEEP: { KEY: ['hush'] } } };

  it('may be a mistyped environment: its values are masked, however deep they are', () => {
    expect(masked(typo)).toEqual({
      pipelineId: 'a',
      concurrency: 3,
      enviroment: { KEY: MASKED, DEEP: MASKED },
    });
    const odd = { Environment: ['KEY=hush', { KEY: 'hush' }], environment_: 'hush', 'odd key': 7 };
    expect(masked(odd)).toEqual({ Environment: MASKED, environment_: MASKED, 'odd key': MASKED });
  });

  it('has its values masked in changes, whatever its name', () => {
    const after = {
      ...typo,
      Environment: [{ KEY: 'hush' }],
      'odd.key': { KEY: 'hush' },
      breaker: { minTasks: 3 },
    };
    const changes = maskedChanges([
      ...changesBetween({ enviroment: { KEY: 'hash' } }, after),
      ...changesBetween(after, { Environment: [{ KEY: 'hash' }] }),
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/hush|hash/);
    expect(changes).toContainEqual({ path: 'enviroment.KEY', from: MASKED, to: MASKED, says: 'changed' });
    expect(changes).toContainEqual({ path: 'breaker.minTasks', to: 3 });
    expect(changes).toContainEqual({ path: 'concurrency', from: 3 });
  });

  it('gives none of its values away by what is wrong with it', () => {
    const parsed = parseConfigRecord(
      { ...typo, Environment: 'hush', environment: { A: 'hush', KEY: ['hush'] } },
      { stage: 'dev' },
    );
    expect(parsed.kind).toBe('invalid');
    expect(JSON.stringify(parsed)).not.toContain('hush');
  });

  it('comes back as it stands, so that an edit without it is one of that record', () => {
    expect(unmasked(masked(typo), typo)).toEqual({ record: typo, problems: [] });
  });
});

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
    expect(shown.applied).toEqual({
      ...applied,
      wanted: { ...applied.wanted, environment: { KEY: MASKED } },
    });
  });

  it('are masked in changes, which say that there is one', () => {
    const changes = [
      { path: 'environment.KEY', from: 'hush', to: 'hash' },
      { path: 'environment["odd key"]', to: 'x' },
      { path: 'environment', from: {} },
    ];
    expect(maskedChanges(changes)).toEqual([
      { path: 'environment.KEY', from: MASKED, to: MASKED, says: 'changed' },
      { path: 'environment["odd key"]', to: MASKED },
      { path: 'environment', from: MASKED },
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
    expect(unmasked({ environment: { toString: MASKED } }, stands).problems).toHaveLength(1);
  });

  it.each(['••••••••x', '•••••••', ` ${MASKED}`, `${MASKED}\n`, 'a•b'])(
    'are refused where a mask was typed into: %j',
    (typed) => {
      const { problems } = unmasked({ environment: { KEY: typed } }, stands);
      expect(problems.map(problemMessage)).toEqual([
        `environment.KEY must be a text without •, which stands for what is not shown, got a text of ${typed.length} characters — write the whole value, or ${MASKED} alone to keep the one that is there`,
      ]);
    },
  );

  it('that stand there are taken, whatever they look like', () => {
    const odd = { environment: { KEY: 'a•b', MASK: MASKED } };
    expect(unmasked(odd, odd)).toEqual({ record: odd, problems: [] });
    expect(unmasked(masked(odd), odd)).toEqual({ record: odd, problems: [] });
  });
});
