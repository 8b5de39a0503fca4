import { pipelineNames } from '../../../core/names.ts';
import { reaches } from '../../../core/release/line.ts';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import { REDRIVEN_ATTRIBUTE } from '../../../core/release/redrive.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import type { History } from '../history.ts';
import type { ReleaseHistory } from '../release-history.ts';
import { taskOf } from '../world/tasks.ts';
import { CODE_KEY, STAGE } from '../world/world.ts';

/** A minute's metrics are known two minutes after its end. */
const KNOWN_AFTER_MS = 240_000;

/** So many releases that a pipeline had before stand in its status. */
const REMEMBERED = 3;

/** A release under which everything fails is not done where that could be seen, and what died of it is sent again. */
export function badReleasesGoBack(history: History): readonly string[] {
  return history.world.releases.records
    .filter(({ codeKey }) => codeKey === CODE_KEY)
    .flatMap((record) => {
      if (record.state === 'Done') return unseen(history, record);
      return record.state === 'RolledBack' ? notSentAgain(history, record.version) : [];
    });
}

/** Pipelines on which a release of which all tasks fail has failed while they were watched. */
function unseen(history: History, release: ReleaseRecord): string[] {
  const { world, names, done, writes } = history;
  const { version, startedAt } = release;
  const isBad = done.some(
    ({ deed, version: uploaded }) => deed.kind === 'upload' && deed.like === 'fails' && uploaded === version,
  );
  if (!isBad) return [];
  return names.flatMap((pipelineId) => {
    const { wanted } = world.statuses.records.get(pipelineId)?.applied ?? {};
    const own = world.book.runs.filter((run) => run.pipelineId === pipelineId);
    const failed = own.filter(({ outcome }) => outcome !== 'succeeded');
    // Who failed before says nothing about the release; who is pinned is none of its business.
    if (wanted === undefined || wanted.codeVersion !== undefined) return [];
    if (failed.some(({ codeVersion }) => codeVersion !== version)) return [];
    // Until its status says so it may have it already, where a run died; but nobody knows.
    const saidMs = writes.find(({ record }) => isMoved(record, pipelineId, version))?.atMs ?? 0;
    const watchedUntilMs = watchedUntil(history, release, { pipelineId, canary: wanted.canary === true });
    const seen = failed.filter(
      ({ startedAtMs, endedAtMs }) =>
        startedAtMs >= Math.max(Date.parse(startedAt), saidMs) && endedAtMs < watchedUntilMs - KNOWN_AFTER_MS,
    );
    const { minTasks } = world.settings.rollout;
    const hidden = minTasks + wanted.concurrency * wanted.batchSize;
    return seen.length > hidden
      ? [`${pipelineId}: ${seen.length} tasks failed on ${version}, and it is Done`]
      : [];
  });
}

function isMoved(record: StatusRecord, pipelineId: string, version: string): boolean {
  return record.pipelineId === pipelineId && record.codeVersion === version;
}

/** When the wave was over that a pipeline is of: until then it is judged. */
function watchedUntil(
  { releases }: History,
  { version, waves, endedAt = '' }: ReleaseRecord,
  follower: Parameters<typeof reaches>[1],
): number {
  const own = waves.findIndex((wave) => reaches({ version, ...wave }, follower));
  const nextOpened = releases.writes.findLast(
    ({ record, before }) => record.version === version && record.wave === own + 1 && before?.wave === own,
  );
  return nextOpened?.atMs ?? Date.parse(endedAt);
}

/** When everybody had gone back who could. */
function allBackMs({ writes }: ReleaseHistory, version: string): number {
  const back = writes.findLast(
    ({ record, before }) => record.version === version && isBack(record) && !isBack(before),
  );
  return back?.atMs ?? Number.POSITIVE_INFINITY;
}

function isBack(record: ReleaseRecord | undefined): boolean {
  return record?.returned === true;
}

/**
 * Tasks that died under a release after it came, soon after it went at the latest, and still lie with the dead
 * letters. Where others wait before it, a task that failed for the last time is buried when its turn comes.
 */
function notSentAgain({ world, names, releases, writes }: History, version: string): string[] {
  return names.flatMap((pipelineId) => {
    if (world.statuses.records.get(pipelineId)?.codeVersion === version) return [];
    const given = releases.given.filter((one) => one.pipelineId === pipelineId);
    const came = given.findLast((one) => one.version === version);
    const went = came && given.find((one) => one.atMs > came.atMs);
    if (came === undefined || went === undefined) return [];
    // One that could not be brought back is not waited for, nor is one looked at that was going meanwhile.
    const overMs = allBackMs(releases, version);
    const own = writes.filter((one) => one.record.pipelineId === pipelineId && one.atMs <= overMs);
    if (went.atMs > overMs || own.some(({ atMs, record }) => atMs > went.atMs && record.closing)) return [];
    // Nor one whose status never said that it had it.
    if (!own.some(({ atMs, record }) => atMs > came.atMs && record.codeVersion === version)) return [];
    // Nor one that has forgotten it over others that it had since.
    if (given.filter(({ atMs }) => atMs > came.atMs && atMs <= overMs).length > REMEMBERED) return [];
    const { record } = own.findLast(({ atMs }) => atMs <= went.atMs) ?? {};
    const buriedByMs = went.atMs + (record?.applied?.wanted.visibilityTimeoutSeconds ?? 0) * 1000;
    const queue = world.queues.byName.get(pipelineNames(STAGE, pipelineId).deadLetterQueue);
    return [...(queue?.messages.all() ?? [])].flatMap(({ body, sentAtMs, arrivedAtMs, attributes }) => {
      const { taskId } = taskOf(body);
      const runs = world.book.runs.filter((run) => run.taskId === taskId);
      const diedOfIt = runs.length > 0 && runs.every(({ codeVersion }) => codeVersion === version);
      // For another release that went at the same time, perhaps: it is nobody's business twice.
      const isSentAgain = attributes[REDRIVEN_ATTRIBUTE] !== undefined;
      return diedOfIt && sentAtMs > came.atMs && arrivedAtMs < buriedByMs && !isSentAgain
        ? [`${pipelineId}: ${taskId} died of ${version}, which went, and was not sent again`]
        : [];
    });
  });
}
