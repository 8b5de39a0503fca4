import { describe, expect, it } from '@jest/globals';
import { blockKey, endKey, partsIdOf, sentKey, shardKey } from '../../core/burst/place.ts';
import { OVER, SHARD_SETS } from '../../core/burst/shard.ts';
import { burst } from '../unit/core/burst/bursts.ts';
import { propertiesOf, STAGE } from './properties.ts';

const EXPIRES = { expiresAt: 1_800_000_000 };
const BY_TTL = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

/** What a stream's patterns say of a record, as far as those of this stage go: values, and fields that are not there. */
function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((rule) => allows(rule, value));
  const fields = Object(value) as Record<string, unknown>;
  return Object.entries(pattern as object).every(([name, rule]) => matches(rule, fields[name]));
}

function allows(rule: unknown, value: unknown): boolean {
  if (typeof rule === 'string') return rule === value;
  const { exists } = Object(rule) as { readonly exists?: unknown };
  if (typeof exists !== 'boolean')
    throw new Error(`a rule that this test does not know: ${JSON.stringify(rule)}`);
  return exists === (value !== undefined);
}

interface FilterCriteria {
  readonly Filters: readonly { readonly Pattern: string }[];
}

/** Whether a function's stream hands it the record. */
function hears(functionName: string, record: object): boolean {
  const mappings = Object.values(propertiesOf('AWS::Lambda::EventSourceMapping')).filter(({ FunctionName }) =>
    JSON.stringify(FunctionName).includes(`sluice-${STAGE}-${functionName}`),
  );
  expect(mappings).toHaveLength(1);
  const criteria = mappings.map(({ FilterCriteria }) => FilterCriteria as FilterCriteria);
  return criteria
    .flatMap(({ Filters }) => Filters)
    .some(({ Pattern }) => matches(JSON.parse(Pattern), record));
}

/** An item as a stream has it. */
function imageOf(item: object): Record<string, object> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(value: unknown): object {
  if (value instanceof Set) return { NS: [...value].map(String) };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return Array.isArray(value) ? { L: value.map(attributeOf) } : { M: imageOf(Object(value)) };
}

const change = (item: object, eventName = 'MODIFY') => ({
  eventName,
  dynamodb: { NewImage: imageOf(item) },
});

describe('the stream of bursts', () => {
  const partsId = partsIdOf(burst());
  const end = { burstKey: endKey(partsId), [OVER.blocks]: new Set([0, 1]), ...EXPIRES };

  it('tells the listener that all blocks of a burst are over', () => {
    const over = { ...end, [OVER.ended]: OVER.yes };
    expect(hears('burst-listener', change(over))).toBe(true);
    expect(hears('burst-listener', change(over, 'INSERT'))).toBe(true);
  });

  it('tells it nothing else: consumers write all the time', () => {
    const items = [
      end,
      { ...burst({ state: 'Ended' }), burstKey: 'b' },
      { burstKey: sentKey(partsId), fromIndex: 0, calls: new Set([1]), ...EXPIRES },
      {
        burstKey: shardKey(partsId, 0),
        [SHARD_SETS.done]: new Set([1]),
        r2: 1_800_000_000_000.5,
        ...EXPIRES,
      },
      { burstKey: blockKey(partsId, 0), [OVER.shards]: new Set([1]), ...EXPIRES },
    ];
    for (const item of items) expect(hears('burst-listener', change(item))).toBe(false);
    const gone = { eventName: 'REMOVE', userIdentity: BY_TTL, dynamodb: { OldImage: imageOf(end) } };
    expect(hears('burst-listener', gone)).toBe(false);
  });
});

describe('the stream of holds', () => {
  const item = { pipelineId: 'p', revision: 1, hold: { untilMs: 1 }, ...EXPIRES };

  it('tells the listener what is written, and what somebody deletes, but not what expires', () => {
    expect(hears('hold-listener', change(item, 'INSERT'))).toBe(true);
    expect(hears('hold-listener', change(item))).toBe(true);
    const gone = { eventName: 'REMOVE', dynamodb: { OldImage: imageOf(item) } };
    expect(hears('hold-listener', gone)).toBe(true);
    expect(hears('hold-listener', { ...gone, userIdentity: BY_TTL })).toBe(false);
  });
});
