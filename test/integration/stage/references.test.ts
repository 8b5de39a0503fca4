import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pipelineNames } from '../../../core/names.ts';
import { sluiceAt } from '../operator/sluice.ts';
import { eventually } from './eventually.ts';
import { sharedStage } from './shared-stage.ts';
import type { TestStage } from './test-stage.ts';

let stage: TestStage;
let ssm: SSMClient;
let secrets: SecretsManagerClient;
beforeAll(async () => {
  stage = await sharedStage();
  const { endpoint, region, accessKeyId, secretAccessKey } = stage.connection;
  const options = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  ssm = new SSMClient(options);
  secrets = new SecretsManagerClient(options);
  await putParameter('/sluice/test/colour', 'green from the store');
  await secrets.send(new CreateSecretCommand({ Name: 'sluice/test/key', SecretString: 'not-for-people' }));
}, 120_000);

afterAll(() => {
  ssm?.destroy();
  secrets?.destroy();
});

const putParameter = (Name: string, Value: string) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));

describe('a reference in an environment', () => {
  it('is a value to the consumer, and stays a reference everywhere else', async () => {
    const pipelineId = 'references';
    const environment = {
      COLOUR: 'ssm:/sluice/test/colour',
      KEY: 'secret:sluice/test/key',
      PLAIN: 'as it is',
    };
    await stage.put({ pipelineId, timeoutSeconds: 10, environment });
    const sinceMs = Date.now();
    await stage.sendTasks(pipelineId, 1, { show: ['COLOUR', 'KEY', 'PLAIN'] });
    const [done] = await stage.done(pipelineId, 1, sinceMs);
    expect(done?.shown).toEqual({
      COLOUR: 'green from the store',
      KEY: 'not-for-people',
      PLAIN: 'as it is',
    });

    const consumer = await stage.ports.functions.read(pipelineNames('test', pipelineId).function);
    expect(consumer?.environment).toMatchObject(environment);
    const status = JSON.stringify(await stage.statuses.read(pipelineId));
    expect(status).not.toMatch(/not-for-people|green from the store/);
    // The test's own consumer is the only one that shows them.
    const others = (await stage.logLines(sinceMs)).filter(({ message }) => message !== 'worked');
    expect(JSON.stringify(others)).not.toMatch(/not-for-people|green from the store/);
  }, 60_000);

  it('to nothing loses no task: the log says which, and the tasks are done once it is there', async () => {
    const pipelineId = 'dangling';
    const LATE = 'ssm:/sluice/test/late';
    await stage.put({ pipelineId, timeoutSeconds: 1, visibilityTimeoutSeconds: 2, environment: { LATE } });
    const sinceMs = Date.now();
    await stage.sendTasks(pipelineId, 1, { show: ['LATE'] });
    await eventually(
      async () => JSON.stringify(await stage.logLines(sinceMs)),
      (lines) => lines.includes('UnresolvedReferenceError') && lines.includes(LATE),
      'the log names the reference',
    );
    expect(await stage.done(pipelineId, 0, sinceMs)).toEqual([]);
    const why = await sluiceAt(stage)('why', pipelineId);
    expect(why.out).toEqual([
      expect.stringMatching(/^dangling: its consumer could not begin at .*: environment\.LATE has no value$/),
      expect.stringContaining('(environment.LATE in its record)'),
    ]);
    await putParameter('/sluice/test/late', 'here it is');
    const [done] = await stage.done(pipelineId, 1, sinceMs);
    expect(done?.shown).toEqual({ LATE: 'here it is' });
  }, 90_000);
});
