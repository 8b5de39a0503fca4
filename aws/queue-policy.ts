/**
 * The one statement that Sluice puts into a queue's policy. People may have statements of their own there
 * (for a producer in another account, say): those are kept as they are.
 */
const CLOSED_SID = 'SluiceClosed';

interface Statement {
  readonly Sid?: string;
  readonly [key: string]: unknown;
}

interface Policy {
  readonly Version?: string;
  readonly Statement?: Statement | readonly Statement[];
  readonly [key: string]: unknown;
}

/** Whether a queue with this policy takes no more tasks. */
export function isClosed(policy: string | undefined): boolean {
  return statementsOf(parse(policy)).some((statement) => statement.Sid === CLOSED_SID);
}

/** Whether not even the consumers may send. */
export function isSealed(policy: string | undefined): boolean {
  return statementsOf(parse(policy)).some(
    ({ Sid, Condition }) => Sid === CLOSED_SID && Condition === undefined,
  );
}

/**
 * The policy with the queue closed: nobody but the consumers may send. A `Deny` wins over whatever else
 * allows it; only the consumers' role is left out of it, for a consumer that hands its work on to its own queue.
 * @param policy what the queue has now, as SQS gave it
 * @param consumerRoleArn the role, not a session of it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 *   left out where not even the consumers may send any more: all pipelines of a stage share that role, and one
 *   pipeline's consumer may send to another's queue
 * @returns the new policy as JSON
 */
export function closePolicy(policy: string | undefined, queueArn: string, consumerRoleArn?: string): string {
  const current = parse(policy);
  const closed: Statement = {
    Sid: CLOSED_SID,
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    ...(consumerRoleArn === undefined
      ? {}
      : { Condition: { ArnNotEquals: { 'aws:PrincipalArn': consumerRoleArn } } }),
  };
  return JSON.stringify({ Version: '2012-10-17', ...current, Statement: [...othersOf(current), closed] });
}

/** The policy with the queue open again; empty, which removes it, where nobody else has a statement in it. */
export function openPolicy(policy: string | undefined): string {
  const current = parse(policy);
  const others = othersOf(current);
  return others.length === 0 ? '' : JSON.stringify({ ...current, Statement: others });
}

function parse(policy: string | undefined): Policy {
  return policy ? (JSON.parse(policy) as Policy) : {};
}

/** A policy with one statement may hold it bare, without a list. */
function statementsOf({ Statement = [] }: Policy): readonly Statement[] {
  return Array.isArray(Statement) ? Statement : [Statement as Statement];
}

function othersOf(policy: Policy): readonly Statement[] {
  return statementsOf(policy).filter((statement) => statement.Sid !== CLOSED_SID);
}
