import { type DynamoDBDocumentClient, ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import { readGroupState } from '../core/flow/group-record.ts';
import type { GroupState } from '../core/flow/hold.ts';
import type { StatusRecord } from '../core/status-record.ts';
import { ask } from './errors.ts';

type Item = Readonly<Record<string, unknown>>;

/** All that the tables of a stage hold, for people who look at it at once. Eventually consistent. */
export interface WholeTables {
  /** @param fields only these of each record; all without it */
  configs(fields?: readonly string[]): Promise<readonly Item[]>;
  statuses(): Promise<readonly StatusRecord[]>;
  groups(): Promise<ReadonlyMap<string, GroupState>>;
}

/** A page holds 1 MB, some hundred records: four readers are through thousands in a second or two. */
const READERS = 4;

/** IAM: dynamodb:Scan on the tables. */
export function createWholeTables(
  client: DynamoDBDocumentClient,
  tables: Readonly<Record<'pipelines' | 'status' | 'holds', string>>,
): WholeTables {
  return {
    configs: (fields) => readAll(client, tables.pipelines, fields),
    statuses: async () => (await readAll(client, tables.status)) as unknown as readonly StatusRecord[],
    async groups() {
      const items = await readAll(client, tables.holds);
      const states = items.map((item) => [String(item.pipelineId), readGroupState(item)] as const);
      return new Map(states.flatMap(([id, state]) => (state === undefined ? [] : [[id, state] as const])));
    },
  };
}

async function readAll(
  client: DynamoDBDocumentClient,
  table: string,
  fields?: readonly string[],
): Promise<readonly Item[]> {
  const parts = await Promise.all(
    Array.from({ length: READERS }, (_, Segment) => readPart(client, table, Segment, fields)),
  );
  return parts.flat();
}

async function readPart(
  client: DynamoDBDocumentClient,
  TableName: string,
  Segment: number,
  fields: readonly string[] | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const command = new ScanCommand({
      TableName,
      Segment,
      TotalSegments: READERS,
      ExclusiveStartKey,
      ...(fields && projectionOf(fields)),
    });
    const page: ScanCommandOutput = await ask('dynamodb:Scan', client.send(command), (output) => output);
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

function projectionOf(fields: readonly string[]) {
  const names = fields.map((field, at) => [`#f${at}`, field] as const);
  return {
    ProjectionExpression: names.map(([name]) => name).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names),
  };
}
