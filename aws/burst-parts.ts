import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { partExpiresAt } from '../core/burst/expiry.ts';
import {
  blockCount,
  blockKey,
  blockOf,
  endKey,
  numberInShard,
  type PartsId,
  shardKey,
  shardOf,
  shardsInBlock,
} from '../core/burst/place.ts';
import { isShardOver, OVER, SHARD_SETS } from '../core/burst/shard.ts';
import { readNumbers, readShardItem } from '../core/burst/shard-item.ts';
import { ask } from './errors.ts';
import type { Clock } from './ports.ts';

type Item = Readonly<Record<string, unknown>>;

/** Shards written at the same time: thousands of dead letters may each be in one of its own. */
const PARALLEL_WRITES = 16;

interface Parts {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
}

/**
 * Adds tasks to a set of their shards, and what is over with them to the blocks and the end, as the runtime does.
 * @param burst its total is absent where there is no record of it: nothing then says what is over
 */
export async function addOver(
  parts: Parts,
  burst: { readonly partsId: PartsId; readonly total: number | undefined },
  how: 'dead' | 'refused',
  indexes: readonly number[],
): Promise<void> {
  const { partsId, total } = burst;
  const over: number[] = [];
  const limit = pLimit(PARALLEL_WRITES);
  const write = async (shard: number, tasks: readonly number[]) => {
    const item = await add(parts, shardKey(partsId, shard), SHARD_SETS[how], tasks.map(numberInShard));
    if (total !== undefined && isShardOver(readShardItem(item), shard, total)) over.push(shard);
  };
  await Promise.all([...Map.groupBy(indexes, shardOf)].map(([shard, tasks]) => limit(write, shard, tasks)));
  if (total !== undefined) await endBlocks(parts, partsId, total, over);
}

/** @param shards that are over */
async function endBlocks(parts: Parts, partsId: PartsId, total: number, shards: readonly number[]) {
  const blocks: number[] = [];
  for (const [block, members] of Map.groupBy(shards, blockOf)) {
    const item = await add(parts, blockKey(partsId, block), OVER.shards, members);
    if (readNumbers(item[OVER.shards]).size >= shardsInBlock(block, total)) blocks.push(block);
  }
  if (blocks.length === 0) return;
  const end = await add(parts, endKey(partsId), OVER.blocks, blocks);
  if (readNumbers(end[OVER.blocks]).size >= blockCount(total)) await tellEnd(parts, partsId);
}

/** Once: the table's stream tells whoever waits for it. */
function tellEnd({ client, table }: Parts, partsId: PartsId): Promise<void> {
  const command = new UpdateCommand({
    TableName: table,
    Key: { burstKey: endKey(partsId) },
    UpdateExpression: 'SET #ended = :yes',
    ConditionExpression: 'attribute_not_exists(#ended)',
    ExpressionAttributeNames: { '#ended': OVER.ended },
    ExpressionAttributeValues: { ':yes': OVER.yes },
  });
  return ask<unknown, void>('dynamodb:UpdateItem', client.send(command), () => undefined, {
    ConditionalCheckFailedException: () => undefined,
  });
}

/** @returns the item as it is then */
function add(
  { client, table, clock }: Parts,
  burstKey: string,
  set: string,
  numbers: readonly number[],
): Promise<Item> {
  const command = new UpdateCommand({
    TableName: table,
    Key: { burstKey },
    UpdateExpression: 'ADD #set :numbers SET expiresAt = :expiresAt',
    ExpressionAttributeNames: { '#set': set },
    ExpressionAttributeValues: { ':numbers': new Set(numbers), ':expiresAt': partExpiresAt(clock.nowMs()) },
    ReturnValues: 'ALL_NEW',
  });
  return ask('dynamodb:UpdateItem', client.send(command), ({ Attributes = {} }) => Attributes);
}
