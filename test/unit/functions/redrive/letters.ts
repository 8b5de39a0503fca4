import type { Ports } from '../../../../aws/ports.ts';
import { type DeadLetterNote, readNote } from '../../../../core/dead-letter.ts';
import { pipelineNames } from '../../../../core/names.ts';
import { type RedriveRecord, redriveFact, redriveRecordSchema } from '../../../../core/redrive/record.ts';
import type { RedriveDryRun } from '../../../../functions/redrive/dry-run.ts';
import { redrive } from '../../../../functions/redrive/redrive.ts';
import type { RedriveProgress } from '../../../../functions/redrive/report.ts';
import type { StoredMessage } from '../../../../lab/simulator/world/messages.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { deadLettersOf, messagesOf, run, stageWith } from '../simulated-stage.ts';

/** A dead letter that is put into the queue by hand. */
export interface Letter {
  readonly id: string;
  /** Absent: as SQS moves it itself. */
  readonly reason?: string;
  readonly redrives?: number;
  readonly attributes?: StoredMessage['attributes'];
  readonly seconds?: number;
  readonly failures?: number;
}

export const QUICK = { pipelineId: 'a', timeoutSeconds: 5, visibilityTimeoutSeconds: 30 };

/** Numbers in a row. */
export const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

export const noteOf = ({ attributes }: Pick<StoredMessage, 'attributes'>): DeadLetterNote | undefined =>
  readNote(attributes.SluiceDeadLetter);

/** Puts letters into a pipeline's dead-letter queue. */
export function bury(world: World, letters: readonly Letter[], pipelineId = 'a'): void {
  const { deadLetterQueue } = pipelineNames(STAGE, pipelineId);
  const url = world.queues.byName.get(deadLetterQueue)?.url ?? '';
  for (const { id, reason, redrives, attributes = {}, seconds = 1, failures = 0 } of letters) {
    const times = { firstSentAtMs: 1_000, lastAttemptAtMs: 2_000 };
    const counted = redrives === undefined ? {} : { redrives };
    const note = reason && { reason, attempts: 5, ...times, messageId: `of ${id}`, ...counted };
    const noted = note ? { SluiceDeadLetter: { type: 'String', value: JSON.stringify(note) } } : {};
    const task = { taskId: id, pipelineId, seconds, failures };
    world.book.accepted(task, world.nowMs());
    world.queues.send(url, [{ id, body: JSON.stringify(task), attributes: { ...attributes, ...noted } }]);
  }
}

/** A stage with a pipeline whose letters these are. */
export async function stageOf(letters: readonly Letter[], record: object = {}): Promise<World> {
  const world = await stageWith({ ...QUICK, ...record });
  bury(world, letters);
  // So much older than what comes now.
  await world.pass(60);
  return world;
}

/** Somebody receives one dead letter, and keeps it out of sight. */
export function hideOne(world: World, seconds: number): void {
  const queue = world.queues.byName.get(pipelineNames(STAGE, 'a').deadLetterQueue);
  if (queue) world.queues.traffic.take(queue, seconds);
}

/** Lets nobody work, so that what is sent again can be looked at. */
export function stopConsumers(world: World): void {
  for (const mapping of world.mappings.byId.values())
    mapping.inForce = { ...mapping.inForce, enabled: false };
}

/** Somebody calls the function. */
export async function ask(
  world: World,
  input: object = {},
  ports: (ports: Ports) => Ports = (all) => all,
): Promise<RedriveProgress> {
  const work = (all: Ports) => redrive({ pipelineId: 'a', ...input }, all);
  return (await run(world, work, { seconds: 60, ports })) as RedriveProgress;
}

export async function askDry(world: World, input: object = {}): Promise<RedriveDryRun> {
  return (await ask(world, { ...input, dryRun: true })) as unknown as RedriveDryRun;
}

export function redriveOf(world: World, pipelineId = 'a'): RedriveRecord {
  return redriveRecordSchema.parse(world.ledgers.read(redriveFact(pipelineId))?.value);
}

/** Waits until no redrive is under way. */
export async function untilOver(world: World, seconds = 7_200): Promise<RedriveRecord> {
  for (let passed = 0; passed < seconds; passed += 5) {
    if (redriveOf(world).state !== 'Running') return redriveOf(world);
    await world.pass(5);
  }
  throw new Error(`not over after ${seconds} s: ${JSON.stringify(redriveOf(world))}`);
}

/** The ids of tasks in a queue. */
export const idsOf = (messages: readonly StoredMessage[]) =>
  messages.map(({ body }) => (JSON.parse(body) as { taskId: string }).taskId).sort();

export const waiting = (world: World) => idsOf(messagesOf(world, 'a'));
export const dead = (world: World) => idsOf(deadLettersOf(world, 'a'));

/** Tasks that have been worked on, by their first start; twice if twice. */
export const worked = (world: World) => world.book.runs.map(({ taskId }) => taskId);
