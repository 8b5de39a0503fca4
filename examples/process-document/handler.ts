import { setTimeout as sleep } from 'node:timers/promises';
import { createConsumer, type TaskContext } from '../../consumer/index.ts';

export interface DocumentTask {
  readonly document: number;
  /** Without it the variable PROCESSING_SECONDS, without that 1. */
  readonly processingSeconds?: number;
  /** 0 never fails, 1 always does. Without it the variable FAIL_RATE, without that 0. */
  readonly failRate?: number;
}

/** Stands for real work: shows the task, takes its time, fails now and then. */
export async function processDocument(task: DocumentTask, context: TaskContext, random = Math.random) {
  const { pipelineId, messageId, attempt, signal } = context;
  console.log(JSON.stringify({ pipelineId, messageId, attempt, task }, null, 2));
  const seconds = task.processingSeconds ?? Number(process.env.PROCESSING_SECONDS ?? 1);
  await sleep(seconds * 1000, undefined, { signal });
  const failRate = task.failRate ?? Number(process.env.FAIL_RATE ?? 0);
  if (random() < failRate) throw new Error(`document ${task.document} failed, as ${failRate} of them do`);
}

export const handler = createConsumer<DocumentTask>((task, context) => processDocument(task, context));
