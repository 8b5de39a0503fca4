import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { partExpiresAt } from '../core/burst/expiry.ts';
import { blockKey, burstIdOf, endKey, partsIdOf, sentKey, shardKey } from '../core/burst/place.ts';
import { type BurstRecord, NOTHING_SENT, readBurstRecord, type SentMark } from '../core/burst/record.ts';
import { OVER } from '../core/burst/shard.ts';
import { readNumbers, readShardItem } from '../core/burst/shard-item.ts';
import { batchGet } from './batch-get.ts';
import { addOver } from './burst-parts.ts';
import { putIfRevision, WRITE_ID, writeIdIn } from './compare-and-set.ts';
import { ask } from './errors.ts';
import type { Bursts, Clock } from './ports.ts';

type Item = Readonly<Record<string, unknown>>;

/** Indexes of the table: bursts that have not ended, and those of one pipeline. */
export const BURST_INDEXES = { open: 'open', byPipeline: 'byPipeline' } as const;
const OPEN = 'open';

/** Shards or blocks that are read at the same time: 100 a call. */
const PARALLEL_READS = 8;

/**
 * The table of bursts. IAM: dynamodb:GetItem (`read`, `readSent`, `readEnd`), dynamodb:PutItem (`write`, `noteRound`),
 * dynamodb:UpdateItem (`noteCalls`, `addOver`; that one also dynamodb:GetItem), dynamodb:BatchGetItem (`readShards`,
 * `readBlocks`) on the table, dynamodb:Query on its indexes (`open`, `ofPipeline`).
 */
export function createBursts(client: DynamoDBDocumentClient, table: string, clock: Clock): Bursts {
  const get = (burstKey: string): Promise<Item | undefined> =>
    ask<{ readonly Item?: Item | undefined }, Item | undefined>(
      'dynamodb:GetItem',
      client.send(new GetCommand({ TableName: table, Key: { burstKey }, ConsistentRead: true })),
      (output) => output.Item,
      {},
    );
  const read = async (burstId: string) => {
    const item = await get(burstId);
    return item === undefined ? undefined : recordOf(item);
  };
  const getMany = (keys: readonly string[]) =>
    batchGet({ client, table, key: 'burstKey', clock, parallel: PARALLEL_READS }, keys);

  return {
    read,

    write: (next) => putIfRevision(client, table, 'burstKey', itemOf(next), next.revision),

    async open(dueBeforeMs, limit) {
      const found: BurstRecord[] = [];
      let lastKey: Item | undefined;
      // A page holds 1 MB, however many records that are.
      do {
        const command = new QueryCommand({
          TableName: table,
          IndexName: BURST_INDEXES.open,
          KeyConditionExpression: 'openKey = :open AND checkAtMs < :due',
          ExpressionAttributeValues: { ':open': OPEN, ':due': dueBeforeMs },
          Limit: limit - found.length,
          ExclusiveStartKey: lastKey,
        });
        const page: QueryCommandOutput = await ask(
          'dynamodb:Query',
          client.send(command),
          (output) => output,
        );
        found.push(...(page.Items ?? []).map(recordOf));
        lastKey = page.LastEvaluatedKey;
      } while (lastKey !== undefined && found.length < limit);
      return found;
    },

    ofPipeline(pipelineId, cursor, limit) {
      const command = new QueryCommand({
        TableName: table,
        IndexName: BURST_INDEXES.byPipeline,
        KeyConditionExpression: 'pipelineId = :pipelineId',
        ExpressionAttributeValues: { ':pipelineId': pipelineId },
        ScanIndexForward: false,
        Limit: limit,
        ...(cursor === undefined ? {} : { ExclusiveStartKey: JSON.parse(cursor) as Item }),
      });
      return ask('dynamodb:Query', client.send(command), ({ Items = [], LastEvaluatedKey }) => ({
        items: Items.map(recordOf),
        ...(LastEvaluatedKey === undefined ? {} : { cursor: JSON.stringify(LastEvaluatedKey) }),
      }));
    },

    async readSent(partsId) {
      const item = await get(sentKey(partsId));
      return item === undefined ? NOTHING_SENT : sentOf(item);
    },

    noteCalls(partsId, fromIndex, calls) {
      if (calls.length === 0) return Promise.resolve('noted');
      const command = new UpdateCommand({
        TableName: table,
        Key: { burstKey: sentKey(partsId) },
        // Told again where the reply was lost, it adds nothing: calls are a set.
        UpdateExpression:
          'SET fromIndex = :from, fromByte = if_not_exists(fromByte, :zero), accepted = if_not_exists(accepted, :zero), ' +
          'refused = if_not_exists(refused, :zero), expiresAt = :expiresAt ADD calls :calls',
        ConditionExpression: isRound(fromIndex),
        ExpressionAttributeValues: {
          ':from': fromIndex,
          ':zero': 0,
          ':calls': new Set(calls),
          ':expiresAt': partExpiresAt(clock.nowMs()),
        },
      });
      return ask<unknown, 'noted' | 'over'>('dynamodb:UpdateItem', client.send(command), () => 'noted', {
        ConditionalCheckFailedException: () => 'over',
      });
    },

    noteRound(partsId, fromIndex, next) {
      const writeId = globalThis.crypto.randomUUID();
      const command = new PutCommand({
        TableName: table,
        Item: {
          ...next,
          burstKey: sentKey(partsId),
          expiresAt: partExpiresAt(clock.nowMs()),
          [WRITE_ID]: writeId,
        },
        ConditionExpression: isRound(fromIndex),
        ExpressionAttributeValues: { ':from': fromIndex },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return ask<unknown, 'noted' | 'over'>('dynamodb:PutItem', client.send(command), () => 'noted', {
        ConditionalCheckFailedException: ({ cause }) => (writeIdIn(cause) === writeId ? 'noted' : 'over'),
      });
    },

    async readShards(partsId, shards) {
      const items = await getMany(shards.map((shard) => shardKey(partsId, shard)));
      return byNumber(shards, (shard) => {
        const item = items.get(shardKey(partsId, shard));
        return item === undefined ? undefined : readShardItem(item);
      });
    },

    async readBlocks(partsId, blocks) {
      const items = await getMany(blocks.map((block) => blockKey(partsId, block)));
      return byNumber(blocks, (block) => {
        const item = items.get(blockKey(partsId, block));
        return item === undefined ? undefined : readNumbers(item[OVER.shards]);
      });
    },

    readEnd: async (partsId) => readNumbers((await get(endKey(partsId)))?.[OVER.blocks]),

    async addOver(partsId, how, indexes) {
      if (indexes.length === 0) return;
      const record = await read(burstIdOf(partsId));
      const isIts = record !== undefined && partsIdOf(record) === partsId;
      const total = isIts ? record.total : undefined;
      await addOver({ client, table, clock }, { partsId, total }, how, indexes);
    },
  };
}

/** The round that begins there is the one under way: the first one may have no item yet. */
function isRound(fromIndex: number): string {
  return fromIndex === 0 ? 'attribute_not_exists(fromIndex) OR fromIndex = :from' : 'fromIndex = :from';
}

/** A burst is in the index of those that are open for as long as somebody has to look at it. */
function itemOf(record: BurstRecord): Item {
  return {
    ...record,
    burstKey: record.burstId,
    ...(record.checkAtMs === undefined ? {} : { openKey: OPEN }),
  };
}

function recordOf({ burstKey: _key, openKey: _open, [WRITE_ID]: _write, ...record }: Item): BurstRecord {
  return readBurstRecord(record);
}

/** Only Sluice writes the table. */
function sentOf({ burstKey: _key, expiresAt: _expiry, [WRITE_ID]: _write, calls, ...mark }: Item): SentMark {
  const sent = mark as unknown as Omit<SentMark, 'calls'>;
  return { ...sent, calls: [...readNumbers(calls)].sort((a, b) => a - b) };
}

function byNumber<T>(
  numbers: readonly number[],
  read: (number: number) => T | undefined,
): ReadonlyMap<number, T> {
  return new Map(
    numbers.flatMap((number) => {
      const value = read(number);
      return value === undefined ? [] : [[number, value] as const];
    }),
  );
}
