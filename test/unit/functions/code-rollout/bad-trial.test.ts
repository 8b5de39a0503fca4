import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../../aws/errors.ts';
import type { Ports } from '../../../../aws/ports.ts';
import type { Behaviour } from '../../../../lab/simulator/world/code-bucket.ts';
import { KEY, recordOf, step, steps, told } from './fleet.ts';
import { checked, isThere, otherwise, TRIAL } from './trial.ts';

/** What Lambda answers where it does not make a function. */
function refusal(retryable: boolean): AwsError {
  return new AwsError({
    code: 'InvalidParameterValueException',
    message: 'Could not unzip uploaded file.',
    operation: 'lambda:CreateFunction',
    requestId: undefined,
    retryable,
    cause: undefined,
  });
}

describe('a release whose trial', () => {
  const rejected = async (behaviour: Behaviour, ports?: (ports: Ports) => Ports) => {
    const world = await checked(behaviour);
    const outcome = await steps(world, ['TryRelease'], {}, ports === undefined ? {} : { ports });
    return { world, outcome, record: recordOf(world) };
  };
  it.each<[string, Behaviour, ((ports: Ports) => Ports) | undefined, RegExp]>([
    ['fails', { trialFails: 'Cannot find module x' }, undefined, /the trial failed: Cannot find module x/],
    [
      'leaves tasks undone',
      {},
      otherwise(() => ({
        invoke: async () => ({ kind: 'returned', payload: { batchItemFailures: [{}, {}] } }),
      })),
      /event left 2 of its tasks undone/,
    ],
    [
      'Lambda refuses',
      {},
      otherwise(() => ({
        create: async () => {
          throw refusal(false);
        },
      })),
      /Lambda does not take the code: .*Could not unzip/,
    ],
    [
      'finds its object gone',
      {},
      otherwise(() => ({ create: async () => ({ kind: 'noCode' }) })),
      /its object is gone/,
    ],
  ])('%s is rejected with the reason, and its function is gone', async (_title, behaviour, ports, reason) => {
    const { world, outcome, record } = await rejected(behaviour, ports);
    expect(outcome).toBe('rejected');
    expect(record).toMatchObject({ state: 'Rejected', reason: expect.stringMatching(reason) });
    expect(isThere(world)).toBe(false);
    expect(told(world)).toEqual(['Checking', 'Rejected']);
  });

  it('function Lambda could not make is rejected with Lambda’s reason, and that function is gone', async () => {
    const world = await checked();
    await step(world, 'TryRelease');
    const made = world.functions.byName.get(TRIAL);
    if (made === undefined) throw new Error('no function');
    await world.pass(5);
    Object.assign(made, { state: 'Failed', reason: 'EniLimitExceeded' });
    expect(await steps(world, ['TryRelease'])).toBe('rejected');
    expect(recordOf(world).reason).toMatch(/EniLimitExceeded/);
    expect(isThere(world)).toBe(false);
  });

  it('says no because of AWS’s own trouble is not rejected for it', async () => {
    const world = await checked();
    const trouble = otherwise(() => ({
      create: async () => {
        throw refusal(true);
      },
    }));
    await expect(steps(world, ['TryRelease'], {}, { ports: trouble })).rejects.toThrow('Could not unzip');
    expect(recordOf(world).state).toBe('Checking');
  });
});

describe('somebody else’s function of a trial’s name', () => {
  it.each([{ gone: false }, { gone: true }])('is neither run nor deleted: %j', async ({ gone }) => {
    const world = await checked();
    const theirs = world.functions.makeForeign(TRIAL, { key: 'other.zip', version: 'x' });
    if (gone) world.code.deleteVersion(KEY, 'v2');
    const runs = otherwise(() => ({
      invoke: async () => {
        throw new Error('it was run');
      },
    }));
    const outcome = await steps(world, ['TryRelease'], {}, { ports: runs }).catch(
      ({ message }: Error) => message,
    );
    expect(outcome).toEqual(gone ? 'rejected' : expect.stringContaining('is somebody else'));
    expect(world.functions.byName.get(TRIAL)).toBe(theirs);
  });
});
