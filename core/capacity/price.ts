import type { Wanted } from '../config-record.ts';
import { PRICES, priceLimits } from '../flow/price.ts';
import { limitsOf } from '../lifecycle/target.ts';

/** A month as bills have it: 30 days. */
export const MONTH_SECONDS = 30 * 86_400;

/**
 * An idle queue is asked by five pollers, each waiting for 20 s:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const IDLE_POLLERS = 5;
const POLL_SECONDS = 20;

/** What it costs for a month that a mapping asks an empty queue, USD. */
export const POLLING_USD = (IDLE_POLLERS * MONTH_SECONDS * PRICES.queueRequest) / POLL_SECONDS;

/** What watching a stage costs while nothing happens, alarms, metrics and the dashboard: docs/operating.md. */
export const WATCHING_USD = 12.25;

/** Looks at queues that the reconciler takes each minute, two reads each; with the default `reconcileSlice` at most. */
const LOOKS_A_MINUTE = 800;

/** What it costs for a month that the reconciler looks at so many pipelines, USD. */
export function lookingUsd(pipelines: number): number {
  const looks = Math.min(pipelines, LOOKS_A_MINUTE) * (MONTH_SECONDS / 60);
  return looks * 2 * PRICES.queueRequest;
}

/** Tasks that the trigger sends with one request. */
const TASKS_A_SEND = 10;
/** Of each task of a burst, when it begins and when it ends. */
const NOTES_A_TASK = 2;

/** What one task costs, by what for, USD. */
export interface TaskPrice {
  /** Calls of the consumer, and the memory that it has meanwhile. */
  readonly consumer: number;
  /** Requests of SQS: sending, receiving, deleting. */
  readonly queue: number;
  /** Keeping its limits: core/flow/price.ts. */
  readonly limits: number;
  /** Counting the tasks of bursts. */
  readonly progress: number;
}

/** Bodies up to 64 KB, batches as full as they may be, arm64. */
export function taskPrice(wanted: Wanted, lease: true | undefined, taskSeconds: number): TaskPrice {
  const { batchSize, memoryMb, concurrency, progress } = wanted;
  const architecture = 'arm64';
  const limits = limitsOf({ wanted, ...(lease && { lease }) });
  const { usdPerMillion } = priceLimits({ limits, concurrency, memoryMb, taskSeconds, architecture });
  return {
    consumer: PRICES.call / batchSize + taskSeconds * (memoryMb / 1024) * PRICES.gbSecond[architecture],
    queue: PRICES.queueRequest * (1 / TASKS_A_SEND + 2 / batchSize),
    limits: usdPerMillion / 1e6,
    progress: progress === false ? 0 : NOTES_A_TASK * PRICES.write,
  };
}
