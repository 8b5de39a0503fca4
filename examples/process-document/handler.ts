import { setTimeout as sleep } from 'node:timers/promises';
import { createConsumer, type TaskContext } from '../../consumer/index.ts';

export interface DocumentTask {
  /** Its number, or where it is. */
  readonly document: number | string;
  /** With the variable SECONDS_PER_MB, a document takes as long as it is large. */
  readonly sizeBytes?: number;
  /** Without it the variable PROCESSING_SECONDS, without that 1. */
  readonly processingSeconds?: number;
  /** 0 never fails, 1 always does. Without it the variable FAIL_RATE, without that 0. */
  readonly failRate?: number;
}

/** What the task says, else what its size says, else what the variable says. */
function secondsOf({ processingSeconds, sizeBytes }: DocumentTask): number {
  const { SECONDS_PER_MB, PROCESSING_SECONDS = 1 } = process.env;
  if (processingSeconds !== undefined) return processingSeconds;
  if (sizeBytes !== undefined && SECONDS_PER_MB) return (sizeBytes / 1e6) * Number(SECONDS_PER_MB);
  return Number(PROCESSING_SECONDS);
}

/** Stands for real work: shows the task, takes its time, fails now and then. */
export async function processDocument(task: DocumentTask, context: TaskContext, random = Math.random) {
  const { pipelineId, messageId, attempt, signal } = context;
  console.log(JSON.stringify({ pipelineId, messageId, attempt, task }, null, 2));
  await sleep(secondsOf(task) * 1000, undefined, { signal });
  const failRate = task.failRate ?? Number(process.env.FAIL_RATE ?? 0);
  if (random() < failRate) throw new Error(`document ${task.document} failed, as ${failRate} of them do`);
}

export const handler = createConsumer<DocumentTask>((task, context) => processDocument(task, context));
