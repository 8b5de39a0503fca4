import { setTimeout as sleep } from 'node:timers/promises';
import { Producer } from 'sqs-producer';
import { type Clients, createClients } from '../../../aws/clients.ts';
import { createPorts } from '../../../aws/environment.ts';
import type { OutgoingMessage, Ports } from '../../../aws/ports.ts';
import { sendBurst } from '../../../functions/trigger/send-burst.ts';
import { settingsOfStage } from '../../stage-settings.ts';
import type { BenchStage } from '../bench-stage.ts';

/** A way to send so many documents to a pipeline's queue. */
export type Sender = (pipelineId: string, count: number) => Promise<void>;

export const SENDERS = ['loop', 'producer', 'burst', 'trigger', 'parallel'] as const;
export type SenderName = (typeof SENDERS)[number];

const BATCH = 10;
const PARALLEL = 16;

/** What the way to a service and back takes, milliseconds, on top of what the emulator does. */
export interface Ways {
  readonly sqs: number;
  readonly dynamoDb: number;
}

/** Those that are compared, all in this process and with the same client of SQS, but for the deployed trigger. */
export function createSenders(
  { emulator, driver, outputs }: BenchStage,
  ways: Ways,
): Readonly<Record<SenderName, Sender>> {
  const settings = settingsOfStage(emulator, 'bench', outputs);
  const clients = farAway(createClients({ callMs: 10_000, connection: emulator }), ways);
  const ports = { ...createPorts(settings, clients), log: { info: () => {}, warn: () => {} } };
  const urlOf = async (pipelineId: string) => (await driver.statuses.read(pipelineId))?.queueUrl ?? '';
  let bursts = 0;
  return {
    async loop(pipelineId, count) {
      const url = await urlOf(pipelineId);
      for (const batch of batches(count)) await sendWhole(url, batch, ports);
    },

    async producer(pipelineId, count) {
      const queueUrl = await urlOf(pipelineId);
      const producer = Producer.create({ queueUrl, sqs: clients.sqs });
      await producer.send(documents(count));
    },

    async burst(pipelineId, count) {
      bursts += 1;
      const call = { requestId: `bench-${ways.sqs}-${bursts}`, deadlineMs: Date.now() + 900_000 };
      const tasks = documents(count).map(({ body }) => JSON.parse(body) as unknown);
      const result = await sendBurst({ pipelineId, tasks }, ports, settings, call);
      if (result.accepted !== count) throw new Error(`${result.accepted} of ${count} tasks were accepted`);
    },

    async trigger(pipelineId, count) {
      const result = await driver.send({ pipelineId, count });
      if (result.accepted !== count) throw new Error(`${result.accepted} of ${count} tasks were accepted`);
    },

    async parallel(pipelineId, count) {
      const url = await urlOf(pipelineId);
      const left = batches(count);
      const worker = async () => {
        for (let batch = left.pop(); batch !== undefined; batch = left.pop()) {
          await sendWhole(url, batch, ports);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, worker));
    },
  };
}

/** Every command first waits for as long as its way takes. */
function farAway(clients: Clients, { sqs, dynamoDb }: Ways): Clients {
  const middleware =
    (ms: number) =>
    <Args, Output>(next: (args: Args) => Promise<Output>) =>
    async (args: Args) => {
      if (ms > 0) await sleep(ms);
      return next(args);
    };
  clients.sqs.middlewareStack.add(middleware(sqs), { step: 'build' });
  clients.documents.middlewareStack.add(middleware(dynamoDb), { step: 'build' });
  return clients;
}

function documents(count: number): { readonly id: string; readonly body: string }[] {
  return Array.from({ length: count }, (_, at) => ({ id: String(at), body: `{"document":${at + 1}}` }));
}

function batches(count: number): OutgoingMessage[][] {
  const all = documents(count);
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, at) => all.slice(at * BATCH, (at + 1) * BATCH));
}

async function sendWhole(url: string, batch: readonly OutgoingMessage[], ports: Ports): Promise<void> {
  const failed = await ports.queues.send(url, batch);
  if (failed.length > 0) throw new Error(`SQS did not take ${failed.length} messages`);
}
