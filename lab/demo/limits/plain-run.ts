import type { Connection } from '../../../aws/clients.ts';
import type { TaskQueues } from '../../../aws/ports.ts';
import { createStackRaw } from '../../bench/raw-stack.ts';
import type { Group } from './groups.ts';
import { plainQueues, plainTemplate } from './plain-stack.ts';
import type { GroupResult } from './results.ts';
import { type Ready, serveAll } from './run.ts';

/**
 * The same tasks and the same API, with a plain queue and function for each group.
 * @param groups with the concurrency that Sluice gave each
 */
export async function runPlain(
  connection: Connection,
  queues: TaskQueues,
  groups: readonly { readonly group: Group; readonly concurrency: number }[],
  say: (line: string) => void,
): Promise<GroupResult[]> {
  const makeReady = async (apiUrl: string): Promise<Ready[]> => {
    const plain = groups.map(({ group: { name }, concurrency }) => ({ name, concurrency }));
    await createStackRaw(connection, 'plain', await plainTemplate(plain, apiUrl));
    return Promise.all(
      groups.map(async ({ group, concurrency }) => {
        const { queue, deadLetterQueue } = plainQueues(group);
        const [queueUrl = '', deadLetterQueueUrl = ''] = await Promise.all([
          queues.find(queue),
          queues.find(deadLetterQueue),
        ]);
        return { group, concurrency, queueUrl, deadLetterQueueUrl };
      }),
    );
  };
  return serveAll({ queues, makeReady, changes: () => [], say });
}
