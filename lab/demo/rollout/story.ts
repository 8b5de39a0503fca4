import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../../aws/clients.ts';
import { createReleases } from '../../../aws/releases.ts';
import { createLog } from '../../../aws/telemetry.ts';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import { buildConsumer } from '../../build/consumer.ts';
import { localFolder } from '../../local-stage/paths.ts';
import { driveStage, type StageDriver } from '../../stage-driver.ts';
import { type Attempt, attemptsIn } from './attempts.ts';
import { FLEET, type Group, recordOf } from './fleet.ts';
import type { Story } from './judge.ts';
import { createObserver, type Observer } from './observer.ts';
import { counted, type Moment, type Seen } from './timeline.ts';
import { startTraffic } from './traffic.ts';

const CODE_KEY = 'consumer.zip';
/** Tasks flow for so long before the first change and after the last one. */
const CALM_MS = 5_000;
const CREATE_SECONDS = 60;
const ROLLOUT_SECONDS = 120;
const CATCH_UP_MS = 45_000;

/**
 * Twelve pipelines at work; a good release goes out to them, then one that fails.
 * @param outputs the stack's, as the deploy answers them
 * @param tell gets every moment as it happens
 */
export async function tellStory(
  connection: Connection,
  stageName: string,
  outputs: Readonly<Record<string, string>>,
  tell: (moment: Moment) => void,
): Promise<Story> {
  const stage = driveStage(connection, stageName, outputs);
  const releases = createReleases(stage.clients.documents, outputs.ReleasesTable ?? '', createLog(stageName));
  const beganAtMs = Date.now();
  const observer = createObserver(stage, releases, CODE_KEY, tell);
  const upload = async (folder: string): Promise<string> => {
    const version = await uploadRelease(stage, folder);
    observer.uploaded(version);
    return version;
  };
  const stands = (version: string, isSo: (record: ReleaseRecord) => boolean) => (seen: Seen) =>
    seen.releases.some((record) => record.version === version && isSo(record));
  const calm = () => untilLater(observer, CALM_MS);

  const first = await upload('first');
  await observer.until(
    stands(first, ({ state }) => state === 'Done'),
    'release 1 is Done',
    ROLLOUT_SECONDS,
  );
  const groups = await createPipelines(stage, observer);
  const traffic = startTraffic(stage.queues, groups);
  observer.did(`tasks flow to ${counted(groups.length, 'pipeline')}`);
  await calm();

  const good = await upload('second');
  await observer.until(
    stands(good, ({ state }) => state === 'Done'),
    'release 2 is Done',
    ROLLOUT_SECONDS,
  );
  await calm();

  const bad = await upload('third');
  await observer.until(
    stands(bad, ({ state, returned }) => state === 'RolledBack' && returned === true),
    'release 3 is RolledBack and nowhere any more',
    ROLLOUT_SECONDS,
  );
  await calm();

  await traffic.stop();
  observer.did('no more tasks are sent');
  const attempts = await attemptsAtEnd(stage, beganAtMs, traffic.accepted);
  observer.did('no more tasks run');
  const versions = [first, good, bad];
  const last = await observer.until(() => true, 'a last look', 0);
  const recordOfVersion = (version: string) =>
    last.releases.find((record) => record.version === version) as ReleaseRecord;
  return {
    groups: FLEET,
    accepted: traffic.accepted,
    attempts,
    deadLetters: await deadLetters(stage, groups),
    releaseAtEnd: new Map([...last.versions].map(([id, version]) => [id, versions.indexOf(version) + 1])),
    timeline: observer.timeline,
    beganAtMs,
    good: recordOfVersion(good),
    bad: recordOfVersion(bad),
  };
}

async function uploadRelease(stage: StageDriver, folder: string): Promise<string> {
  const { path } = await buildConsumer(
    join(import.meta.dirname, 'releases', folder),
    join(localFolder, `rollout-${folder}.zip`),
  );
  return stage.uploadCode(CODE_KEY, await readFile(path));
}

interface Made extends Group {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

async function createPipelines(stage: StageDriver, observer: Observer): Promise<Made[]> {
  await Promise.all(FLEET.map((group) => stage.putConfigRecord(recordOf(group))));
  const isActive = ({ pipelineId }: Group) =>
    stage.until(pipelineId, ({ phase }) => phase === 'Active', CREATE_SECONDS);
  const statuses = await Promise.all(FLEET.map(isActive));
  await observer.until(({ versions }) => versions.size === FLEET.length, 'all pipelines are there', 10);
  return FLEET.map((group, index) => {
    const { queueUrl = '', deadLetterQueueUrl = '' } = statuses[index] ?? {};
    return { ...group, queueUrl, deadLetterQueueUrl };
  });
}

/** Goes on looking for a while. */
async function untilLater(observer: Observer, ms: number): Promise<void> {
  const endMs = observer.elapsedMs() + ms;
  await observer.until(() => observer.elapsedMs() >= endMs, 'time goes by', ms / 1000 + 10);
}

/** All attempts once every task is done, or none has been for long enough to say that it is lost. */
async function attemptsAtEnd(
  stage: StageDriver,
  sinceMs: number,
  accepted: ReadonlyMap<string, number>,
): Promise<Attempt[]> {
  const sent = [...accepted.values()].reduce((sum, count) => sum + count, 0);
  const endMs = Date.now() + CATCH_UP_MS;
  for (;;) {
    const attempts = attemptsIn(await stage.logLines(sinceMs));
    const done = attempts.filter(({ fate }) => fate === 'done');
    const tasks = new Set(done.map(({ pipelineId, task }) => `${pipelineId} ${task}`));
    if (tasks.size >= sent || Date.now() > endMs) return attempts;
    await sleep(1_000);
  }
}

async function deadLetters(stage: StageDriver, groups: readonly Made[]): Promise<Map<string, number>> {
  const counts = await Promise.all(
    groups.map(async ({ pipelineId, deadLetterQueueUrl }) => {
      const state = await stage.queues.read(deadLetterQueueUrl);
      const { visible = 0, delayed = 0, inFlight = 0 } = state?.counts ?? {};
      return [pipelineId, visible + delayed + inFlight] as const;
    }),
  );
  return new Map(counts);
}
