import { type Clients, createClients } from '../../../../aws/clients.ts';
import type { QueueMessage } from '../../../../aws/ports.ts';
import { stageNames } from '../../../../core/names.ts';
import type { Stage, StagePorts } from '../../../../operator/stage/stage.ts';

export const NOW_MS = Date.UTC(2026, 10, 21, 12);

/** A function of the stage that was called. */
export interface Called {
  readonly name: string;
  readonly input: unknown;
}

/** A stage of which only what a test gives is there. */
export function stageOfFakes(given: {
  readonly ports?: { readonly [Port in keyof StagePorts]?: Partial<StagePorts[Port]> };
  readonly answer?: (called: Called) => unknown;
  readonly clients?: Clients;
  readonly isLocal?: boolean;
}): Stage & { readonly called: readonly Called[] } {
  const called: Called[] = [];
  const clients = given.clients ?? createClients({ callMs: 1_000, connection: NOBODY });
  return {
    called,
    stage: 'dev',
    region: 'eu-west-1',
    isLocal: given.isLocal ?? true,
    names: stageNames('dev'),
    ports: { clock: { nowMs: () => NOW_MS }, random: () => 0.5, ...given.ports } as unknown as StagePorts,
    clients,
    patientClients: () => clients,
    output: async (name) => `the-${name}`,
    async call(name, input) {
      called.push({ name, input });
      return given.answer?.({ name, input });
    },
    close: () => {},
  };
}

const NOBODY = {
  endpoint: 'http://127.0.0.1:9',
  region: 'eu-west-1',
  accessKeyId: 'nobody',
  secretAccessKey: 'nobody',
};

/** A queue in memory; SQS answers some receives with nothing though there is something. */
export function fakeQueue(letters: readonly Pick<QueueMessage, 'messageId' | 'body' | 'attributes'>[]) {
  const hidden = new Map<string, number>();
  let receives = 0;
  return {
    hidden,
    receives: () => receives,
    port: {
      find: async (name: string) => (name.startsWith('sluice-pipe-dev-a') ? `https://${name}` : undefined),
      read: async () =>
        ({
          counts: { visible: letters.length - hidden.size, delayed: 0, inFlight: hidden.size },
        }) as Awaited<ReturnType<StagePorts['queues']['read']>>,
      receive: async (_url: string, seconds: number): Promise<readonly QueueMessage[]> => {
        receives += 1;
        if (receives % 3 === 2) return [];
        const some = letters.filter(({ messageId }) => !hidden.has(messageId)).slice(0, 10);
        for (const { messageId } of some) hidden.set(messageId, seconds);
        return some.map((letter) => ({
          ...letter,
          receipt: letter.messageId,
          receiveCount: 1,
          sentAtMs: NOW_MS - 60_000,
        }));
      },
      putBack: async (_url: string, receipts: readonly string[]) => {
        if (receipts.length > 10) throw new RangeError('SQS takes ten at a time');
        for (const receipt of receipts) hidden.delete(receipt);
      },
    },
  };
}
