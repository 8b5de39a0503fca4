import { describe, expect, it } from '@jest/globals';
import { closePolicy, isClosed, isSealed, openPolicy } from '../../../aws/queue-policy.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:sluice-pipe-dev-a';
const ROLE = 'arn:aws:iam::111122223333:role/sluice-dev-consumer';
const theirs = {
  Sid: 'Partner',
  Effect: 'Allow',
  Principal: { AWS: '444455556666' },
  Action: 'sqs:SendMessage',
};

describe('queue policy', () => {
  it('denies sending to everyone but the consumers', () => {
    expect(JSON.parse(closePolicy(undefined, QUEUE, ROLE))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'SluiceClosed',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:SendMessage',
          Resource: QUEUE,
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE } },
        },
      ],
    });
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one statement without a list', JSON.stringify({ Version: '2008-10-17', Id: 'x', Statement: theirs })],
    ['several', JSON.stringify({ Version: '2012-10-17', Statement: [theirs, { ...theirs, Sid: 'Other' }] })],
    ['a statement without a Sid', JSON.stringify({ Statement: [{ Effect: 'Allow' }] })],
  ])('is closed and open again, with what others wrote as it was: %s', (_what, policy) => {
    const closed = closePolicy(policy, QUEUE, ROLE);
    expect(isClosed(policy)).toBe(false);
    expect(isClosed(closed)).toBe(true);
    expect(isClosed(openPolicy(closed))).toBe(false);
    expect(statementsOf(openPolicy(closed))).toEqual(statementsOf(policy));
    expect(closePolicy(closed, QUEUE, ROLE)).toBe(closed);
  });

  it('keeps the version and id of a policy that others wrote', () => {
    const policy = JSON.stringify({ Version: '2008-10-17', Id: 'x', Statement: [theirs] });
    expect(JSON.parse(openPolicy(closePolicy(policy, QUEUE, ROLE)))).toEqual(JSON.parse(policy));
  });

  it('is removed when nothing is left in it', () => {
    expect(openPolicy(closePolicy(undefined, QUEUE, ROLE))).toBe('');
    expect(openPolicy(undefined)).toBe('');
  });

  it('lets nobody send to a sealed queue, not even the consumers, and opens it as any other', () => {
    const closed = closePolicy(undefined, QUEUE, ROLE);
    const sealed = closePolicy(closed, QUEUE);
    expect(JSON.parse(sealed).Statement).toEqual([
      { Sid: 'SluiceClosed', Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: QUEUE },
    ]);
    expect([isSealed(undefined), isSealed(closed), isSealed(sealed)]).toEqual([false, false, true]);
    expect(isClosed(sealed)).toBe(true);
    expect(openPolicy(sealed)).toBe('');
  });
});

function statementsOf(policy: string | undefined): unknown[] {
  return policy ? [JSON.parse(policy).Statement].flat() : [];
}
