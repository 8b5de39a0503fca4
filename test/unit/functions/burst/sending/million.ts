/**
 * `node --expose-gc million.ts TASKS`: measures and sends a burst of so many tasks from an object that nobody holds in
 * memory, and says on stdout how much memory it took: `{"accepted", "heapMegabytes": [at first, at most], "repeats"}`.
 */
import type { OutgoingMessage, Ports } from '../../../../../aws/ports.ts';
import type { ReadyStatus } from '../../../../../core/readiness.ts';
import { readerOf } from '../../../../../functions/burst/sending/read-tasks.ts';
import { sendSlice } from '../../../../../functions/burst/sending/slice.ts';
import { beginBurst } from '../../../../../functions/trigger/begin-burst.ts';
import { handedOver } from '../../../../../functions/trigger/handed-over.ts';
import { SimulatedBursts } from '../../../../../lab/simulator/world/bursts.ts';
import { linesOf } from '../../../../../lab/simulator/world/task-objects.ts';

const TASKS = Number(process.argv[2] ?? 1_000_000);
const PIECE_BYTES = 256 * 1024;
/** Of every line: so a piece can be made from where it begins. */
const LINE_BYTES = 120;

function line(index: number): string {
  return `${`{"document":${index},"estimatedSeconds":${1 + (index % 5)},"text":"`.padEnd(LINE_BYTES - 3, 'x')}"}\n`;
}

function piece(fromByte: number): Uint8Array {
  const first = Math.floor(fromByte / LINE_BYTES);
  const count = Math.min(TASKS - first, Math.ceil(PIECE_BYTES / LINE_BYTES));
  if (count <= 0) return new Uint8Array();
  const lines = Array.from({ length: count }, (_, at) => line(first + at)).join('');
  return Buffer.from(lines).subarray(fromByte - first * LINE_BYTES);
}

const sent = new Uint8Array(TASKS);
let repeats = 0;
let calls = 0;
let nowMs = Date.UTC(2026, 0, 1);
const heap: number[] = [];

function look(): void {
  (globalThis as { gc?: () => void }).gc?.();
  heap.push(process.memoryUsage().heapUsed / 2 ** 20);
}

const status = {
  pipelineId: 'a',
  phase: 'Active',
  queueUrl: 'url',
  deadLetterQueueUrl: 'letters',
  applied: {
    wanted: {
      pipelineId: 'a',
      concurrency: 100,
      messageRetentionSeconds: 1_209_600,
      rateLimits: [],
      timeoutSeconds: 30,
      spread: { maxConcurrency: 50 },
    },
  },
} as unknown as ReadyStatus;

const bursts = new SimulatedBursts();
const ports = {
  clock: {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  },
  random: () => 0.5,
  log: { info: () => {}, warn: () => {} },
  metrics: { count: () => {} },
  statuses: { read: async () => status },
  ledgers: { read: async () => undefined },
  health: { callTimes: async () => undefined },
  bursts: new Proxy(bursts, {
    get: (target, method) => {
      const call = Reflect.get(target, method) as (...args: unknown[]) => unknown;
      return async (...args: unknown[]) => call.apply(target, args);
    },
  }),
  taskObjects: {
    find: async () => ({ etag: 'e', bytes: TASKS * LINE_BYTES }),
    lines: (_source: unknown, fromByte: number) => linesOf(async (at) => piece(at), fromByte),
  },
  queues: {
    read: async () => ({ counts: { visible: 0, delayed: 0, inFlight: 0 } }),
    async send(_url: string, messages: readonly OutgoingMessage[]) {
      calls += 1;
      if (calls % Math.ceil(TASKS / 200) === 0) look();
      for (const { id } of messages) {
        repeats += sent[Number(id)] ?? 0;
        sent[Number(id)] = 1;
      }
      return [];
    },
  },
} as unknown as Ports;

const tasks = { kind: 'object', bucket: 'bucket', key: 'key' } as const;
const handed = await handedOver('b', 'a', tasks, undefined, ports);
look();
const begun = await beginBurst(
  { pipelineId: 'a', tasks },
  'b',
  handed,
  status,
  ports,
  Number.POSITIVE_INFINITY,
);
if (begun === undefined) throw new Error('another one has begun it');
look();
const [first = 0] = heap;
for (;;) {
  const record = await ports.bursts.read('b');
  if (record === undefined) throw new Error('no record');
  const { end, mark } = await sendSlice(record, readerOf(record, ports), ports, Number.POSITIVE_INFINITY);
  look();
  if (end.kind === 'sent') {
    const heapMegabytes = [first, Math.max(...heap)];
    process.stdout.write(JSON.stringify({ accepted: mark.accepted, heapMegabytes, repeats }));
    break;
  }
  if (end.kind !== 'later') throw new Error(`it ended ${end.kind}`);
  nowMs = end.atMs;
}
