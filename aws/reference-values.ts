import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { LookedUp, LookUpReferences } from '../core/references.ts';
import { ask } from './errors.ts';

/**
 * Names of one GetParameters:
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 */
const PARAMETERS_A_CALL = 10;

/** A consumer in a VPC without a way to these services would otherwise wait until Lambda ends it. */
const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};

/** Reads parameters (decrypted) and secrets, side by side. An error of AWS is an answer: each names its own. */
export const lookUpReferences: LookUpReferences = async (references, signal) => {
  const paths = references.flatMap((one) => (one.kind === 'parameter' ? [one.path] : []));
  const ids = references.flatMap((one) => (one.kind === 'secret' ? [one.id] : []));
  const [parameters, secrets] = await Promise.all([
    lookUpParameters([...new Set(paths)], signal),
    lookUpSecrets([...new Set(ids)], signal),
  ]);
  return references.map(
    (one) => (one.kind === 'parameter' ? parameters.get(one.path) : secrets.get(one.id)) ?? NOT_THERE,
  );
};

const NOT_THERE: LookedUp = { kind: 'failed', reason: 'there is no such parameter' };

async function lookUpParameters(
  paths: readonly string[],
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, LookedUp>> {
  if (paths.length === 0) return new Map();
  const client = new SSMClient(PATIENCE);
  const answers = new Map<string, LookedUp>();
  for (let start = 0; start < paths.length; start += PARAMETERS_A_CALL) {
    const names = paths.slice(start, start + PARAMETERS_A_CALL);
    try {
      const command = new GetParametersCommand({ Names: names, WithDecryption: true });
      const { Parameters = [] } = await ask(
        'ssm:GetParameters',
        client.send(command, { abortSignal }),
        (output) => output,
      );
      for (const { Name, Value } of Parameters) {
        if (Name !== undefined && Value !== undefined) answers.set(Name, { kind: 'found', value: Value });
      }
    } catch (error) {
      for (const name of names) answers.set(name, failed(error));
    }
  }
  return answers;
}

async function lookUpSecrets(
  ids: readonly string[],
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, LookedUp>> {
  if (ids.length === 0) return new Map();
  const client = new SecretsManagerClient(PATIENCE);
  const answers = ids.map(async (id): Promise<[string, LookedUp]> => {
    try {
      const { SecretString } = await ask(
        'secretsmanager:GetSecretValue',
        client.send(new GetSecretValueCommand({ SecretId: id }), { abortSignal }),
        (output) => output,
      );
      if (SecretString === undefined)
        return [id, { kind: 'failed', reason: 'the secret is binary, not text' }];
      return [id, { kind: 'found', value: SecretString }];
    } catch (error) {
      return [id, failed(error)];
    }
  });
  return new Map(await Promise.all(answers));
}

function failed(error: unknown): LookedUp {
  return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
}
