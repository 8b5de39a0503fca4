import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { FunctionState, MappingState, QueueState } from '../../../aws/ports.ts';
import { pipelineNames } from '../../../core/names.ts';
import { permit, type TestStage } from './test-stage.ts';

type Tags = Readonly<Record<string, string>>;

/** What a pipeline is made of, as it is now; without counts, which change by themselves. */
export interface Live {
  readonly queue: (Omit<QueueState, 'counts'> & { readonly tags: Tags | undefined }) | undefined;
  readonly deadLetters: (Omit<QueueState, 'counts'> & { readonly tags: Tags | undefined }) | undefined;
  readonly consumer: FunctionState | undefined;
  /** All mappings onto the function: there must be one. */
  readonly mappings: readonly MappingState[];
}

export async function live({ ports, clients, stage }: TestStage, pipelineId: string): Promise<Live> {
  const names = pipelineNames(stage, pipelineId);
  const readQueue = async (name: string) => {
    const url = await ports.queues.find(name);
    const state = url === undefined ? undefined : await ports.queues.read(url);
    if (state === undefined) return undefined;
    const { counts: _counts, ...settings } = state;
    return { ...settings, tags: await ports.queues.tags(state.url) };
  };
  const { EventSourceMappings = [] } = await clients.lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: names.function }),
  );
  const mappings = await Promise.all(
    EventSourceMappings.map(({ UUID = '' }) => ports.mappings.read(UUID, permit())),
  );
  return {
    queue: await readQueue(names.queue),
    deadLetters: await readQueue(names.deadLetterQueue),
    consumer: await ports.functions.read(names.function),
    mappings: mappings.filter((one) => one !== undefined),
  };
}

/** A pipeline of which nothing is there. */
export const NOTHING: Live = { queue: undefined, deadLetters: undefined, consumer: undefined, mappings: [] };

/** Everything that AWS itself says of the queues and the function, times of change included. */
export async function everyAttribute(stage: TestStage, pipelineId: string): Promise<unknown> {
  const { clients, ports } = stage;
  const names = pipelineNames(stage.stage, pipelineId);
  const attributes = async (name: string) => {
    const QueueUrl = await ports.queues.find(name);
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    const { Attributes = {} } = await clients.sqs.send(command);
    return Object.entries(Attributes).filter(([attribute]) => !attribute.startsWith('ApproximateNumber'));
  };
  const command = new ListEventSourceMappingsCommand({ FunctionName: names.function });
  return {
    queue: await attributes(names.queue),
    deadLetters: await attributes(names.deadLetterQueue),
    consumer: await ports.functions.read(names.function),
    mappings: (await clients.lambda.send(command)).EventSourceMappings,
  };
}
