import { type AccountFact, MUST_STAY_UNRESERVED } from '../account.ts';
import { ASSUMED_TASK_SECONDS } from '../burst/assumed.ts';
import type { Wanted } from '../config-record.ts';
import { startsPerSecond } from '../flow/pace.ts';
import { lookingUsd, MONTH_SECONDS, POLLING_USD, type TaskPrice, taskPrice, WATCHING_USD } from './price.ts';

/** A pipeline as it is reckoned with. */
export interface Planned {
  readonly wanted: Wanted;
  /** One at a time is kept by the runtime, for no unit could be reserved. */
  readonly lease?: true | undefined;
  /** What its tasks take; where nobody has measured it they count as one second each. */
  readonly taskSeconds?: number | undefined;
  /** Tasks in its queue; absent where nobody has looked. */
  readonly tasks?: number | undefined;
  /** Of its function's code, unzipped; absent where nobody knows. */
  readonly codeBytes?: number | undefined;
}

/** What all pipelines of a stage ask of their account, and cost. Plain JSON; USD at list prices of us-east-1. */
export interface CapacityPlan {
  readonly pipelines: number;
  readonly paused: number;
  readonly atOnce: {
    /** The sum of the concurrency of all that are not paused. */
    readonly wanted: number;
    readonly allowed?: number;
    /** So much more than allowed. */
    readonly over?: number;
  };
  /** Pipelines of one task at a time. */
  readonly oneAtATime: {
    readonly reserved: number;
    readonly leased: number;
    /** Units that can still be reserved. */
    readonly unitsLeft?: number;
  };
  readonly code: {
    readonly usedBytes?: number;
    readonly allowedBytes?: number;
    /** What their functions take, as far as it is known. */
    readonly pipelineBytes: number;
    /** So many more pipelines of the same size have room. */
    readonly roomFor?: number;
  };
  readonly idle: {
    readonly pollingUsd: number;
    readonly lookingUsd: number;
    readonly watchingUsd: number;
    readonly totalUsd: number;
  };
  /** What a load costs besides, spread evenly over all that are not paused; absent where none was given. */
  readonly load?: {
    readonly tasksPerMonth: number;
    readonly usd: TaskPrice;
    readonly totalUsd: number;
    /** Pipelines that cannot do their share in a month. */
    readonly tooSlow: readonly string[];
  };
  /** Until all queues are empty, as they are now. */
  readonly drain: { readonly tasks: number; readonly seconds: number; readonly last?: string };
}

export function planCapacity(
  all: readonly Planned[],
  account: AccountFact | undefined,
  tasksPerMonth?: number,
): CapacityPlan {
  const awake = all.filter(({ wanted }) => !wanted.paused);
  const singles = all.filter(({ wanted }) => wanted.concurrency === 1);
  const leased = singles.filter(({ lease }) => lease).length;
  return {
    pipelines: all.length,
    paused: all.length - awake.length,
    atOnce: atOnceOf(awake, account),
    oneAtATime: {
      reserved: singles.length - leased,
      leased,
      ...(account && { unitsLeft: Math.max(0, account.unreservedConcurrency - MUST_STAY_UNRESERVED) }),
    },
    code: codeOf(all, account),
    idle: idleOf(awake, all.length),
    ...(tasksPerMonth !== undefined && awake.length > 0 && { load: loadOf(awake, tasksPerMonth) }),
    drain: drainOf(awake),
  };
}

function atOnceOf(awake: readonly Planned[], account: AccountFact | undefined): CapacityPlan['atOnce'] {
  const wanted = sum(awake, (one) => one.wanted.concurrency);
  if (account === undefined) return { wanted };
  const over = Math.max(0, wanted - account.concurrency);
  return { wanted, allowed: account.concurrency, ...(over > 0 && { over }) };
}

function codeOf(all: readonly Planned[], account: AccountFact | undefined): CapacityPlan['code'] {
  const known = all.filter(({ codeBytes }) => codeBytes !== undefined);
  const pipelineBytes = sum(known, ({ codeBytes = 0 }) => codeBytes);
  if (account === undefined) return { pipelineBytes };
  const { codeBytesUsed: usedBytes, codeBytesAllowed: allowedBytes } = account;
  const each = known.length === 0 ? 0 : pipelineBytes / known.length;
  return {
    usedBytes,
    allowedBytes,
    pipelineBytes,
    ...(each > 0 && { roomFor: Math.max(0, Math.floor((allowedBytes - usedBytes) / each)) }),
  };
}

/** One that rests when it is idle is asked by nobody. */
function idleOf(awake: readonly Planned[], pipelines: number): CapacityPlan['idle'] {
  const polled = awake.filter(({ wanted }) => wanted.restWhenIdleSeconds === undefined).length;
  const pollingUsd = cents(polled * POLLING_USD);
  const looking = cents(lookingUsd(pipelines));
  return {
    pollingUsd,
    lookingUsd: looking,
    watchingUsd: WATCHING_USD,
    totalUsd: cents(pollingUsd + looking + WATCHING_USD),
  };
}

function loadOf(awake: readonly Planned[], tasksPerMonth: number): NonNullable<CapacityPlan['load']> {
  const each = tasksPerMonth / awake.length;
  const prices = awake.map((one) => taskPrice(one.wanted, one.lease, secondsOf(one)));
  const total = (of: (price: TaskPrice) => number) => cents(sum(prices, of) * each);
  const usd: TaskPrice = {
    consumer: total(({ consumer }) => consumer),
    queue: total(({ queue }) => queue),
    limits: total(({ limits }) => limits),
    progress: total(({ progress }) => progress),
  };
  return {
    tasksPerMonth,
    usd,
    totalUsd: cents(usd.consumer + usd.queue + usd.limits + usd.progress),
    tooSlow: awake
      .filter((one) => perSecondOf(one) * MONTH_SECONDS < each)
      .map(({ wanted }) => wanted.pipelineId),
  };
}

function drainOf(awake: readonly Planned[]): CapacityPlan['drain'] {
  const busy = awake.filter(({ tasks = 0 }) => tasks > 0);
  const seconds = (one: Planned) => Math.ceil((one.tasks ?? 0) / perSecondOf(one));
  const last = busy.toSorted((a, b) => seconds(b) - seconds(a))[0];
  return {
    tasks: sum(busy, ({ tasks = 0 }) => tasks),
    seconds: last === undefined ? 0 : seconds(last),
    ...(last && { last: last.wanted.pipelineId }),
  };
}

/** Tasks that a full queue is worked off by each second. */
function perSecondOf(one: Planned): number {
  const { concurrency, rateLimits } = one.wanted;
  return Math.min(concurrency / secondsOf(one), startsPerSecond(rateLimits));
}

function secondsOf({ taskSeconds = ASSUMED_TASK_SECONDS }: Planned): number {
  return Math.max(taskSeconds, 0.001);
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
