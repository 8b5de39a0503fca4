import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { fullJitter } from '../core/backoff.ts';
import { chunks } from '../core/chunks.ts';
import { ask } from './errors.ts';
import type { Clock } from './ports.ts';

type Item = Readonly<Record<string, unknown>>;

/** Keys a call: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_A_CALL = 100;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

interface Where {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** The table's key, a text. */
  readonly key: string;
  readonly clock: Clock;
  /** Calls at the same time. */
  readonly parallel: number;
}

/**
 * Reads many items, strongly consistent. What DynamoDB leaves out of an answer is asked for again.
 * IAM: dynamodb:BatchGetItem on the table.
 * @returns those that there are, by their key
 */
export async function batchGet(where: Where, keys: readonly string[]): Promise<ReadonlyMap<string, Item>> {
  const limit = pLimit(where.parallel);
  const calls = chunks(keys, KEYS_A_CALL).map((chunk) => limit(() => getChunk(where, chunk)));
  const items = (await Promise.all(calls)).flat();
  return new Map(items.map((item) => [String(item[where.key]), item]));
}

async function getChunk({ client, table, key, clock }: Where, keys: readonly string[]): Promise<Item[]> {
  const items: Item[] = [];
  let left: Item[] = keys.map((value) => ({ [key]: value }));
  for (let attempt = 0; ; attempt += 1) {
    const command = new BatchGetCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } });
    const { found, unread } = await ask('dynamodb:BatchGetItem', client.send(command), (output) => ({
      found: (output.Responses?.[table] ?? []) as Item[],
      unread: (output.UnprocessedKeys?.[table]?.Keys ?? []) as Item[],
    }));
    items.push(...found);
    if (unread.length === 0) return items;
    left = unread;
    // None at all were read: the table is at its limit.
    const capMs = found.length > 0 ? FIRST_WAIT_MS : LONGEST_WAIT_MS;
    await clock.sleep(fullJitter({ attempt, baseMs: FIRST_WAIT_MS, capMs, random: Math.random }));
  }
}
