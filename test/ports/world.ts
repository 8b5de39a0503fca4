import { it } from '@jest/globals';
import type { Permit, Ports } from '../../aws/ports.ts';
import { LAMBDA_UNRESERVED_MIN } from '../../core/aws-limits.ts';
import type { Begun, TaskEnd, TaskRan } from '../../core/burst/notes.ts';
import type { PartsId, Place } from '../../core/burst/place.ts';
import type { GroupState } from '../../core/flow/hold.ts';
import type { RanSoFar } from '../../core/flow/measured.ts';
import type { CodeRef, ConsumerSettings } from '../../core/lifecycle/target.ts';

/** A place with all ports in it, for the suite that every implementation of them must pass. */
export interface PortWorld {
  readonly capabilities: Capabilities;
  readonly ports: Ports;
  readonly stage: string;
  /** Consumers' settings that functions can be created with here. */
  readonly consumers: ConsumerSettings;
  /** Lets time go by: really, or on a virtual clock. */
  advance(ms: number): Promise<void>;
  /** What a person does in the console. */
  putConfig(record: Readonly<Record<string, unknown>>): Promise<void>;
  /** What a consumer writes of its group, or how long its tasks have taken so far. */
  putGroup(pipelineId: string, state: GroupState): Promise<void>;
  putRan(pipelineId: string, ran: RanSoFar): Promise<void>;
  /** What a consumer's runtime notes of a task of a burst. */
  beginTask(place: Place, untilMs: number, nowMs: number): Promise<Begun>;
  endTask(place: Place, untilMs: number | undefined, how: TaskEnd, ran: TaskRan | undefined): Promise<void>;
  /** Whether the table has told that all tasks of a burst are over. */
  hasEnded(partsId: PartsId): Promise<boolean>;
  /** Uploads JSON Lines to a bucket that bursts may be read from; answers its name. */
  putTasks(key: string, text: string): Promise<string>;
  /** Uploads consumer code; another text is other code. */
  putCode(key: string, text: string, kind?: CodeKind): Promise<CodeRef>;
  /** Deletes an object as people do who name no version. */
  removeCode(key: string): Promise<void>;
  /** What somebody hears who listens to Sluice's events; each once or more. */
  heardEvents(): Promise<
    readonly { readonly detailType: string; readonly detail: Readonly<Record<string, unknown>> }[]
  >;
}

/** `failing` code throws its text; `noZip` is no code at all. */
export type CodeKind = 'sound' | 'failing' | 'noZip';

/** What AWS does and a world may leave out; see `itWhere`. */
export interface Capabilities {
  /** A new queue can be used only after a second. */
  readonly delaysNewQueues: boolean;
  /** A message deleted twice counts as deleted. */
  readonly forgivesSecondDelete: boolean;
  /** The name of a queue deleted within the last minute cannot be used. */
  readonly blocksDeletedNames: boolean;
  /** A function cannot be created from an object that is not there. */
  readonly refusesMissingCode: boolean;
  /** A function that is Pending or being updated cannot be changed. */
  readonly refusesWhileBusy: boolean;
  /** A mapping that is changing cannot be changed. */
  readonly timesMappings: boolean;
  /** The account's unreserved concurrency cannot be reserved away. */
  readonly boundsReservations: boolean;
}

/**
 * A test of something that a world may leave out. Where it does, the test has to fail: a world that has learnt it
 * shows as a red test, and its capability is to be switched on.
 */
export function itWhere(capability: boolean): typeof it | typeof it.failing {
  return capability ? it : it.failing;
}

export type GetWorld = () => PortWorld;

/** Concurrency of a world's account: room for three reservations, so that the last one is soon made. */
export const ACCOUNT_CONCURRENCY = LAMBDA_UNRESERVED_MIN + 3;

/** A permit out of thin air: the suite paces nothing. */
export function permit(world: PortWorld): Permit {
  return { lane: 'edit', startMs: world.ports.clock.nowMs() };
}

let last = 0;

/** A pipelineId that no other test of this file uses. */
export function freshId(): string {
  last += 1;
  return `p${last}`;
}

const STEP_MS = 100;

/**
 * Looks again and again until the probe answers something, letting time go by in between.
 * @throws if it does not within the time
 */
export async function eventually<T>(
  world: PortWorld,
  probe: () => Promise<T | undefined | false>,
  withinMs = 15_000,
): Promise<T> {
  for (let passedMs = 0; passedMs <= withinMs; passedMs += STEP_MS) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    await world.advance(STEP_MS);
  }
  throw new Error(`did not come true within ${withinMs / 1000} s`);
}

/** Reads a port's pages to the end. */
export async function allPages<T>(
  page: (cursor: string | undefined) => Promise<{ readonly items: readonly T[]; readonly cursor?: string }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(cursor);
    items.push(...next.items);
    cursor = next.cursor;
  } while (cursor !== undefined);
  return items;
}
