import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../aws/clients.ts';

const POLL_MS = 10;
const LIMIT_MS = 60_000;

/**
 * CloudFormation's CreateStack on the emulator, without any framework, until the stack is there.
 * @throws with the stack's status if it is anything else but CREATE_COMPLETE in the end
 */
export async function createStackRaw(connection: Connection, name: string, template: string): Promise<void> {
  await ask(connection, {
    Action: 'CreateStack',
    StackName: name,
    TemplateBody: template,
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  });
  const endMs = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask(connection, { Action: 'DescribeStacks', StackName: name });
    const status = /<StackStatus>(\w+)<\/StackStatus>/.exec(answer)?.[1] ?? 'unknown';
    if (status === 'CREATE_COMPLETE') return;
    if (status !== 'CREATE_IN_PROGRESS' || Date.now() > endMs) throw new Error(`stack ${name} is ${status}`);
    await sleep(POLL_MS);
  }
}

/** One call of CloudFormation's query protocol. The emulator looks at the key's account and at no signature. */
async function ask(
  { endpoint, region, accessKeyId }: Connection,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const scope = `${accessKeyId}/20260101/${region}/cloudformation/aws4_request`;
  const reply = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ ...parameters, Version: '2010-05-15' }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${parameters.Action} answers ${reply.status}: ${text}`);
  return text;
}
