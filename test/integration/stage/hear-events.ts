import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from './eventually.ts';
import type { TestStage } from './test-stage.ts';

/** An event's detail. */
export type Told = Readonly<Record<string, unknown>>;

/** Hears of Sluice's events, as another program would. */
export interface Listener {
  /** What was told first of a pipeline. */
  heard(pipelineId: string, detailType: string): Promise<Told | undefined>;
}

/** Begins to listen; a queue of this name keeps what is told. */
export async function hearEvents(
  { clients, connection }: TestStage,
  name: string,
  detailTypes: readonly string[],
): Promise<Listener> {
  const { events, sqs } = clients;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const pattern = { source: ['sluice'], 'detail-type': detailTypes };
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
  const Arn = `arn:aws:sqs:${connection.region}:${connection.accessKeyId}:${name}`;
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn }] }));

  const all = async () => {
    const command = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(command));
    return Messages.map(({ Body = '{}' }) => JSON.parse(Body) as { 'detail-type': string; detail: Told });
  };
  return {
    async heard(pipelineId, detailType) {
      const told = await eventually(
        async () =>
          (await all()).find(
            (one) => one['detail-type'] === detailType && one.detail.pipelineId === pipelineId,
          ),
        (one) => one !== undefined,
        `${detailType} of ${pipelineId}`,
        20,
      );
      return told?.detail;
    },
  };
}
