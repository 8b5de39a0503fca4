import { TASKS_PER_SHARD } from './place.ts';
import {
  readStamp,
  runningAttribute,
  SHARD_SETS,
  SHARD_SUMS,
  type ShardState,
  stampAttribute,
} from './shard.ts';

/** A shard as its item in the table has it; what is absent is empty, or 0. */
export function readShardItem(item: Readonly<Record<string, unknown>>): ShardState {
  const sum = (name: string) => (typeof item[name] === 'number' ? item[name] : 0);
  return {
    done: readNumbers(item[SHARD_SETS.done]),
    failed: readNumbers(item[SHARD_SETS.failed]),
    dead: readNumbers(item[SHARD_SETS.dead]),
    refused: readNumbers(item[SHARD_SETS.refused]),
    running: ofEach((number) => {
      const untilMs = item[runningAttribute(number)];
      return typeof untilMs === 'number' ? untilMs : undefined;
    }),
    ran: ofEach((number) => {
      const stamp = item[stampAttribute(number)];
      return stamp === undefined ? undefined : readStamp(stamp);
    }),
    tasks: sum(SHARD_SUMS.tasks),
    ranMs: sum(SHARD_SUMS.ranMs),
    bytes: sum(SHARD_SUMS.bytes),
    bytesMs: sum(SHARD_SUMS.bytesMs),
  };
}

/** A set of numbers as the table has it; DynamoDB has no empty ones. */
export function readNumbers(attribute: unknown): ReadonlySet<number> {
  return attribute instanceof Set ? (attribute as ReadonlySet<number>) : new Set();
}

function ofEach<T>(read: (number: number) => T | undefined): ReadonlyMap<number, T> {
  const values = new Map<number, T>();
  for (let number = 0; number < TASKS_PER_SHARD; number += 1) {
    const value = read(number);
    if (value !== undefined) values.set(number, value);
  }
  return values;
}
