/** What a consumer's code imports. See README.md for what becomes of a task. */
import { lambdaEffects } from './lambda.ts';
import { type ConsumerHandler, createRuntime } from './runtime.ts';
import type { TaskHandler } from './task.ts';

export { NotTasksError, UnreadableTaskError, UnresolvedReferenceError } from './errors.ts';
export type { Fate } from './fate.ts';
export type { TaskLog } from './log.ts';
export type { ConsumerHandler } from './runtime.ts';
export type { TaskContext, TaskHandler } from './task.ts';
export { DeadLetter, Drop, RetryLater, Throttled } from './thrown.ts';

/**
 * Wraps a handler of one task into the Lambda handler of a pipeline's consumer.
 * @param handler gets the JSON of a message's body and a {@link TaskContext}; to return is to be done, to throw
 *   is to be tried again, {@link Drop}, {@link DeadLetter} and {@link RetryLater} apart
 * @example export const handler = createConsumer(async (task: { document: number }, { log }) => {
 *   log.info('working', { document: task.document });
 * });
 */
export function createConsumer<Task = unknown>(handler: TaskHandler<Task>): ConsumerHandler {
  return createRuntime(handler, lambdaEffects());
}
