import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHolds } from '../../../aws/holds.ts';
import { buildConsumer } from '../../build/consumer.ts';
import { localFolder } from '../../local-stage/paths.ts';
import type { StageDriver } from '../../stage-driver.ts';
import { GROUPS, recordOf } from './groups.ts';
import type { GroupResult } from './results.ts';
import { type Ready, serveAll } from './run.ts';
import { watchGroups } from './watch.ts';

const CREATE_SECONDS = 60;

/**
 * The tasks with a pipeline for each group.
 * @param holdsTable what groups share
 */
export async function runSluice(
  stage: StageDriver,
  holdsTable: string,
  say: (line: string) => void,
): Promise<GroupResult[]> {
  const { path } = await buildConsumer(join(import.meta.dirname, 'task'), join(localFolder, 'limits.zip'));
  await stage.uploadCode('consumer.zip', await readFile(path));
  const holds = createHolds(stage.clients.documents, holdsTable);
  const makeReady = async (apiUrl: string): Promise<Ready[]> => {
    await Promise.all(GROUPS.map((group) => stage.putConfigRecord(recordOf(group, apiUrl))));
    return Promise.all(
      GROUPS.map(async (group) => {
        const status = await stage.until(group.name, ({ phase }) => phase === 'Active', CREATE_SECONDS);
        const { queueUrl = '', deadLetterQueueUrl = '', applied } = status;
        return { group, concurrency: applied?.wanted.concurrency ?? 0, queueUrl, deadLetterQueueUrl };
      }),
    );
  };
  const watch = watchGroups(
    GROUPS.map(({ name }) => name),
    async (pipelineId) => (await holds.read(pipelineId)) ?? {},
  );
  try {
    return await serveAll({ queues: stage.queues, makeReady, changes: watch.changes, say });
  } finally {
    await watch.stop();
  }
}
