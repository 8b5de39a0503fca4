import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { equalJson } from '../core/equal-json.ts';
import { ask } from './errors.ts';

type ConfigItem = Readonly<Record<string, unknown>>;

/** People's edits of config records: none overwrites what somebody else has written meanwhile. */
export interface RecordEdits {
  /**
   * Puts a record.
   * @param expected the record that stands there now; undefined: there is none. Whatever has changed of it since, as far as
   *   fields go that a record may have, is a conflict.
   */
  put(record: ConfigItem, expected: ConfigItem | undefined): Promise<'put' | 'conflict'>;
  /** Deletes a record. */
  remove(pipelineId: string): Promise<'removed' | 'none'>;
}

/**
 * IAM: dynamodb:PutItem, dynamodb:GetItem and dynamodb:DeleteItem on the pipelines table.
 * @param fields all that a config record may have
 */
export function createRecordEdits(
  client: DynamoDBDocumentClient,
  table: string,
  fields: readonly string[],
): RecordEdits {
  const stored = (pipelineId: unknown) =>
    ask(
      'dynamodb:GetItem',
      client.send(new GetCommand({ TableName: table, Key: { pipelineId }, ConsistentRead: true })),
      (output) => output.Item,
    );
  return {
    async put(record, expected) {
      const answer = await ask<unknown, 'put' | 'conflict'>(
        'dynamodb:PutItem',
        client.send(new PutCommand({ TableName: table, Item: record, ...conditionOf(expected, fields) })),
        () => 'put',
        { ConditionalCheckFailedException: () => 'conflict' },
      );
      if (answer === 'put') return answer;
      // The SDK repeats a call whose reply was lost, and the repetition meets what the first one has written.
      return equalJson(await stored(record.pipelineId), record) ? 'put' : 'conflict';
    },

    remove: (pipelineId) =>
      ask<{ readonly Attributes?: unknown }, 'removed' | 'none'>(
        'dynamodb:DeleteItem',
        client.send(new DeleteCommand({ TableName: table, Key: { pipelineId }, ReturnValues: 'ALL_OLD' })),
        ({ Attributes }) => (Attributes === undefined ? 'none' : 'removed'),
        {},
      ),
  };
}

/** A record is a few KB and has some dozen fields: its condition stays below 4 KB of text. */
function conditionOf(expected: ConfigItem | undefined, fields: readonly string[]) {
  if (expected === undefined) return { ConditionExpression: 'attribute_not_exists(pipelineId)' };
  const names = [...new Set([...fields, ...Object.keys(expected)])];
  const parts = names.map((name, at) =>
    expected[name] === undefined ? `attribute_not_exists(#f${at})` : `#f${at} = :f${at}`,
  );
  const values = names.flatMap((name, at) =>
    expected[name] === undefined ? [] : [[`:f${at}`, expected[name]]],
  );
  return {
    ConditionExpression: parts.join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#f${at}`, name])),
    ExpressionAttributeValues: Object.fromEntries(values),
  };
}
