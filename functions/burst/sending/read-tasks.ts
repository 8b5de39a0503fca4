import type { Ports } from '../../../aws/ports.ts';
import type { BurstRecord, BurstSource } from '../../../core/burst/record.ts';
import { documentBody, type ReadTask, readBody, readLine, taskBody } from '../../../core/burst/task.ts';
import { saidOf } from '../../../core/spread/estimate.ts';

/** The tasks of a burst, in their order, from one of them on; in constant memory. */
export type ReadTasks = (fromIndex: number, fromByte: number) => AsyncIterable<ReadTask>;

/** Where an object of JSON Lines is. */
type SourceObject = Extract<BurstSource, { kind: 'object' }>;

/**
 * The reader of a burst whose tasks stand in its source.
 * @throws {TypeError} for tasks that were handed over with a call: only that call has them
 */
export function readerOf(
  { source, burstId, given }: Pick<BurstRecord, 'source' | 'burstId' | 'given'>,
  ports: Ports,
): ReadTasks {
  switch (source.kind) {
    case 'numbered':
      return numberedTasks(given, burstId);
    case 'object':
      return objectTasks(source, burstId, ports);
    default:
      throw new TypeError(`the tasks of burst ${burstId} are kept nowhere`);
  }
}

/** Tasks of one call. Their bytes count as if each stood on a line, so that they can be kept as lines later. */
export function listedTasks(tasks: readonly unknown[], burstId: string): ReadTasks {
  return async function* read(fromIndex, fromByte) {
    let endByte = fromByte;
    for (let index = fromIndex; index < tasks.length; index += 1) {
      const body = taskBody(tasks[index]);
      endByte += Buffer.byteLength(body) + 1;
      yield readBody(body, saidOf(tasks[index]), { index, endByte }, burstId);
    }
  };
}

/** The documents 1 to `total`. */
export function numberedTasks(total: number, burstId: string): ReadTasks {
  return async function* read(fromIndex) {
    for (let index = fromIndex; index < total; index += 1) {
      yield readBody(documentBody(index), {}, { index, endByte: 0 }, burstId);
    }
  };
}

/** Lines of JSON. @throws {AwsError} `SourceChanged` where the object is not the same any more */
export function objectTasks(source: SourceObject, burstId: string, ports: Ports): ReadTasks {
  return async function* read(fromIndex, fromByte) {
    let index = fromIndex;
    for await (const { text, endByte, isCut } of ports.taskObjects.lines(source, fromByte)) {
      const task = readLine(text, { index, endByte }, burstId, isCut);
      if (task === undefined) continue;
      yield task;
      index += 1;
    }
  };
}
