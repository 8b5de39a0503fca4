import pLimit from 'p-limit';
import { requestPermit } from '../../aws/control-plane-budget.ts';
import type { Page, Permit, Ports } from '../../aws/ports.ts';
import type { Settings } from '../../aws/settings.ts';
import type { StageResources } from '../../aws/stage-resources.ts';
import { partsIdOf } from '../../core/burst/place.ts';
import { messagesIn } from '../../core/lifecycle/rest.ts';
import {
  isOurs,
  pipelineIdOf,
  pipelineNames,
  pipelinePrefix,
  TAG_STAGE,
  TAG_TRIAL,
  trialPrefix,
} from '../../core/names.ts';
import {
  discardIsKnown,
  type Holding,
  progressLine,
  progressMark,
  refuseRemoval,
  stillThere,
} from '../../core/stage-removal.ts';
import type { StatusRecord } from '../../core/status-record.ts';

/** What the removal of a stage's pipelines works with. */
export interface Removal {
  readonly ports: Ports;
  readonly resources: StageResources;
  readonly settings: Settings;
  /** Lose tasks, dead letters and salvage. */
  readonly discard: boolean;
  readonly say: (line: string) => void;
  /** Between two looks at the teardowns. */
  readonly pollSeconds: number;
  /** How long nothing may change before the removal gives up, or, told to discard, deletes by itself. */
  readonly patienceSeconds: number;
}

/** The stage still holds tasks: nothing was changed. */
export class StageHoldsTasks extends Error {
  override readonly name = 'StageHoldsTasks';
  readonly code = 'STAGE_HOLDS_TASKS';
}

/** Some teardowns came to a stop: nothing more was changed. */
export class TeardownStuck extends Error {
  override readonly name = 'TeardownStuck';
  readonly code = 'TEARDOWN_STUCK';
}

/** How many pipelines are asked at once. */
const PARALLEL = 16;
/** Bursts under way that are looked at, more than any stage has: the last of them may be the one with tasks to send. */
const MOST_BURSTS = 100_000;

/**
 * Takes down everything that a stage made while it ran, so that its stack can go: the pipelines by their own
 * lifecycle, then what nobody knew of, then the objects in its buckets. Can be run again at any time.
 * @throws {StageHoldsTasks | TeardownStuck}
 */
export async function removePipelines(removal: Removal): Promise<void> {
  const { resources, settings, discard, say } = removal;
  if (!(await resources.isDeployed()))
    return say(`stage ${settings.stage} has no tables: no pipelines to remove`);

  await refuseIfFull(removal);
  const records = await all((cursor) => removal.ports.configs.page(cursor, settings.reconcileSlice));
  const pipelineIds = records.map((record) => String(record.pipelineId));
  if (discard) await announceDiscard(removal, pipelineIds);
  await eachOf(pipelineIds, (pipelineId) => resources.deleteConfigRecord(pipelineId));
  say(`deleted ${pipelineIds.length} config records`);

  await waitUntilDeleted(removal);
  await deleteLeftovers(removal);
  // A task that was sent after the first look has been salvaged by its pipeline's teardown.
  await refuseIfFull(removal);
  for (const bucket of [settings.consumers.codeBucket, settings.salvageBucket, settings.burstBucket]) {
    say(`deleted ${await resources.emptyBucket(bucket)} object versions from ${bucket}`);
  }
}

async function refuseIfFull(removal: Removal): Promise<void> {
  const refused = refuseRemoval(removal.settings.stage, await readHoldings(removal), removal.discard);
  if (refused) throw new StageHoldsTasks(refused.message);
}

/** Every queue of the stage counts, also one whose record and status are gone. */
async function readHoldings({ ports, resources, settings }: Removal): Promise<readonly Holding[]> {
  const salvage = await resources.countSalvage();
  const unsent = await countUnsent(ports);
  const urls = await all((cursor) => ports.queues.page(pipelinePrefix(settings.stage), cursor));
  const byName = new Map(urls.map((url) => [nameOf(url), url]));
  const owners = [...byName.keys()].flatMap((name) => pipelineIdOf(settings.stage, name) ?? []);
  const pipelineIds = new Set([...salvage.keys(), ...unsent.keys(), ...owners]);

  const countOf = async (name: string) => {
    const url = byName.get(name);
    const counts = url === undefined ? undefined : (await ports.queues.read(url))?.counts;
    return counts === undefined ? 0 : messagesIn(counts);
  };
  return eachOf([...pipelineIds], async (pipelineId) => {
    const names = pipelineNames(settings.stage, pipelineId);
    return {
      pipelineId,
      tasks: await countOf(names.queue),
      deadLetters: await countOf(names.deadLetterQueue),
      salvaged: salvage.get(pipelineId) ?? 0,
      unsent: unsent.get(pipelineId) ?? 0,
    };
  });
}

/** Tasks that are in no queue yet, by pipeline. */
async function countUnsent({ bursts }: Ports): Promise<ReadonlyMap<string, number>> {
  const unsent = new Map<string, number>();
  for (const record of await bursts.open(Number.MAX_SAFE_INTEGER, MOST_BURSTS)) {
    const { pipelineId, state, isCancelled, total } = record;
    if ((state !== 'Sending' && state !== 'Paused') || isCancelled) continue;
    const { fromIndex } = await bursts.readSent(partsIdOf(record));
    unsent.set(pipelineId, (unsent.get(pipelineId) ?? 0) + total - fromIndex);
  }
  return unsent;
}

/** A teardown goes by the policy that was applied, so that one has to be changed first. */
async function announceDiscard(removal: Removal, pipelineIds: readonly string[]): Promise<void> {
  const { ports, resources, say } = removal;
  await eachOf(pipelineIds, (pipelineId) => resources.discardOnDelete(pipelineId));
  say(`told ${pipelineIds.length} pipelines to discard their tasks`);
  const isKnown = async () => {
    const statuses = await eachOf(pipelineIds, (pipelineId) => ports.statuses.read(pipelineId));
    return {
      over: statuses.every(discardIsKnown),
      mark: progressMark(statuses.filter((one) => one !== undefined)),
    };
  };
  await waitWhileItMoves(removal, isKnown);
}

async function waitUntilDeleted(removal: Removal): Promise<void> {
  const { ports, settings, discard, say } = removal;
  let left: readonly StatusRecord[] = [];
  let said = '';
  const over = await waitWhileItMoves(removal, async () => {
    left = stillThere(await all((cursor) => ports.statuses.page(cursor, settings.reconcileSlice)));
    const line = progressLine(left);
    if (left.length > 0 && line !== said) say(line);
    said = line;
    return { over: left.length === 0, mark: progressMark(left) };
  });
  if (over) return;
  if (discard) return say('their own teardown came to a stop: deleting what is left of them');
  const reasons = left.slice(0, PARALLEL).map((one) => `  ${one.pipelineId}: ${reasonOf(one)}`);
  throw new TeardownStuck(
    [
      `Stage ${settings.stage} was not removed: the teardown of ${left.length} pipelines came to a stop.`,
      ...reasons,
      'Their config records are gone and nothing else was deleted. Look at the executions of the lifecycle machine,',
      `then run this again; sls remove --stage ${settings.stage} --discard deletes them without it.`,
    ].join('\n'),
  );
}

function reasonOf({ phase, error }: StatusRecord): string {
  return error === undefined ? phase : `${phase}, ${error.step ?? error.code}: ${error.message}`;
}

/** Looks again and again until it is over; false once nothing has changed for too long. */
async function waitWhileItMoves(
  { ports: { clock }, pollSeconds, patienceSeconds }: Removal,
  look: () => Promise<{ readonly over: boolean; readonly mark: string }>,
): Promise<boolean> {
  let mark: string | undefined;
  let movedMs = clock.nowMs();
  for (;;) {
    const seen = await look();
    if (seen.over) return true;
    if (seen.mark !== mark) movedMs = clock.nowMs();
    mark = seen.mark;
    if (clock.nowMs() - movedMs > patienceSeconds * 1000) return false;
    await clock.sleep(pollSeconds * 1000);
  }
}

/** Deletes mappings, functions and queues that carry the stage's name and tags and that no teardown reached. */
async function deleteLeftovers(removal: Removal): Promise<void> {
  const { ports, settings, say } = removal;
  const ours = (name: string) =>
    pipelineIdOf(settings.stage, name) !== undefined || isTrial(settings.stage, name);
  const found: string[] = [];

  const functions = await all((cursor) => spend(removal, (permit) => ports.functions.page(cursor, permit)));
  const mappings = await all((cursor) => spend(removal, (permit) => ports.mappings.page(cursor, permit)));
  for (const { id, functionName, state } of mappings) {
    if (!ours(functionName) || state === 'Deleting') continue;
    await whileBusy(removal, (permit) => ports.mappings.delete(id, permit));
    found.push(`the mapping of ${functionName}`);
  }
  for (const name of functions.filter(ours)) {
    const tags = (await ports.functions.read(name))?.tags;
    if (tags === undefined || !isTagged(tags, settings.stage, name)) continue;
    await whileBusy(removal, (permit) => ports.functions.delete(name, permit));
    found.push(`function ${name}`);
  }
  for (const url of await all((cursor) => ports.queues.page(pipelinePrefix(settings.stage), cursor))) {
    const tags = await ports.queues.tags(url);
    if (tags === undefined || !isTagged(tags, settings.stage, nameOf(url))) continue;
    if ((await ports.queues.delete(url)) === 'deleted') found.push(`queue ${nameOf(url)}`);
  }
  for (const one of found) say(`deleted ${one}, which nobody had a record of`);
}

function isTagged(tags: Readonly<Record<string, string>>, stage: string, name: string): boolean {
  if (isTrial(stage, name)) return tags[TAG_STAGE] === stage && tags[TAG_TRIAL] !== undefined;
  const pipelineId = pipelineIdOf(stage, name);
  return pipelineId !== undefined && isOurs(tags, stage, pipelineId);
}

/** A function that a release was being tried with when its rollout ended. */
function isTrial(stage: string, name: string): boolean {
  return name.startsWith(trialPrefix(stage));
}

/** The account's control-plane bucket is shared with every other stage, also while this one goes. */
async function spend<T>({ ports, settings }: Removal, call: (permit: Permit) => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await requestPermit(ports, settings.controlPlanePerSecond, 'delete');
    if (answer.kind === 'granted') return call(answer.permit);
    await ports.clock.sleep(answer.afterSeconds * 1000);
  }
}

/** Deletes again what is being changed at the moment, for as long as a removal waits for anything. */
async function whileBusy(removal: Removal, call: (permit: Permit) => Promise<string>): Promise<void> {
  const { ports, pollSeconds, patienceSeconds } = removal;
  const endMs = ports.clock.nowMs() + patienceSeconds * 1000;
  for (;;) {
    const answer = await spend(removal, call);
    if ((answer !== 'busy' && answer !== 'inUse') || ports.clock.nowMs() > endMs) return;
    await ports.clock.sleep(pollSeconds * 1000);
  }
}

async function all<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const next: Page<T> = await page(cursor);
    items.push(...next.items);
    cursor = next.cursor;
  } while (cursor !== undefined);
  return items;
}

function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit(PARALLEL);
  return Promise.all(items.map((item) => limit(() => work(item))));
}

function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}
