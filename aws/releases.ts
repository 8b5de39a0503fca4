import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  ScanCommand,
  type ScanCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { problemPath } from '../core/problems.ts';
import { type ReleaseRecord, releaseRecordSchema } from '../core/release/record.ts';
import { putIfRevision } from './compare-and-set.ts';
import { ask } from './errors.ts';
import type { Log, Releases } from './ports.ts';

type Item = Readonly<Record<string, unknown>>;

/** An item of the releases table that no release record can be read from. No retry can help. */
export class ReleaseItemError extends Error {
  override readonly name = 'ReleaseItemError';
  readonly code = 'BadReleaseItem';
  readonly retryable = false;
}

/**
 * The table of releases. People look at it, and may edit an item: what is read is checked. `read` throws a
 * {@link ReleaseItemError}; where many are read, a bad one is left out and warned of, so that it stops nobody else.
 * IAM: dynamodb:GetItem (`read`), dynamodb:PutItem (`write`), dynamodb:Query (`ofKey`), dynamodb:Scan (`page`),
 * each on the table.
 */
export function createReleases(
  client: DynamoDBDocumentClient,
  table: string,
  log: Pick<Log, 'warn'>,
): Releases {
  const soundOnes = (items: readonly Item[]): ReleaseRecord[] =>
    items.flatMap((item) => {
      const read = readItem(item, table);
      if (read.kind === 'sound') return [read.record];
      const { codeKey, version } = item;
      log.warn('left out what is no release record', { codeKey, version, problem: read.problem });
      return [];
    });
  return {
    async read(codeKey, version) {
      const item: Item | undefined = await ask(
        'dynamodb:GetItem',
        client.send(new GetCommand({ TableName: table, Key: { codeKey, version }, ConsistentRead: true })),
        (output) => output.Item,
      );
      if (item === undefined) return undefined;
      const read = readItem(item, table);
      if (read.kind === 'bad') throw new ReleaseItemError(read.problem);
      return read.record;
    },

    write: (next) => putIfRevision(client, table, 'codeKey', { ...next }, next.revision),

    async ofKey(codeKey) {
      const items: Item[] = [];
      let lastKey: Item | undefined;
      do {
        const command = new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'codeKey = :codeKey',
          ExpressionAttributeValues: { ':codeKey': codeKey },
          ConsistentRead: true,
          ExclusiveStartKey: lastKey,
        });
        const page: Slice = await ask('dynamodb:Query', client.send(command), sliceOf);
        items.push(...page.items);
        lastKey = page.lastKey;
      } while (lastKey !== undefined);
      return soundOnes(items);
    },

    async page(cursor, limit) {
      const command = new ScanCommand({ TableName: table, Limit: limit, ExclusiveStartKey: keyOf(cursor) });
      const { items, lastKey } = await ask('dynamodb:Scan', client.send(command), sliceOf);
      const more = lastKey === undefined ? {} : { cursor: JSON.stringify(lastKey) };
      return { items: soundOnes(items), ...more };
    },
  };
}

interface Slice {
  readonly items: readonly Item[];
  readonly lastKey: Item | undefined;
}

function sliceOf({
  Items = [],
  LastEvaluatedKey,
}: Pick<ScanCommandOutput, 'Items' | 'LastEvaluatedKey'>): Slice {
  return { items: Items, lastKey: LastEvaluatedKey };
}

/** A cursor is the last key seen; DynamoDB goes on after it even if that item is gone. */
function keyOf(cursor: string | undefined): Item | undefined {
  return cursor === undefined ? undefined : (JSON.parse(cursor) as Item);
}

type ReadItem =
  | { readonly kind: 'sound'; readonly record: ReleaseRecord }
  /** For people. */
  | { readonly kind: 'bad'; readonly problem: string };

function readItem(item: Item, table: string): ReadItem {
  const parsed = releaseRecordSchema.safeParse(item);
  if (parsed.success) return { kind: 'sound', record: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) => `${problemPath(path)}: ${message}`);
  const which = `${String(item.codeKey)}, version ${String(item.version)}`;
  const problem =
    `the item ${which} of the table ${table} is not a release record: ${problems.join('; ')} — ` +
    'put back what was edited, or delete the item and upload the code again';
  return { kind: 'bad', problem };
}
