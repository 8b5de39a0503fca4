import { hash32 } from '../chance.ts';
import type { InvocationResult } from './lambda-host.ts';
import type { Laws } from './laws.ts';

/** The event source mapping of a listener, as functions/config-listener/function.yml and hold-listener's set it. */
const BATCH = 100;
/** Two shards, each read four times in parallel; one item always goes the same way. */
const LANES = 8;
const MAX_RETRIES = 10;
const MAX_AGE_MS = 3_600_000;

/** What a stream tells of an item, and what it adds itself. */
interface Told {
  readonly pipelineId: string;
}

export type Numbered<C extends Told> = C & { readonly eventId: string; readonly sequenceNumber: string };

type Entry<C extends Told> = Numbered<C> & { readonly writtenAtMs: number };

interface Delivery<C extends Told> {
  readonly changes: readonly Entry<C>[];
  readonly tries: number;
}

interface Lane<C extends Told> {
  readonly waiting: Delivery<C>[];
  readonly fresh: Entry<C>[];
  busy: boolean;
}

export interface StreamPorts<C extends Told> extends Laws {
  /** Runs the listener on a batch. */
  invoke(changes: readonly Numbered<C>[], told: (result: InvocationResult) => void): void;
}

/** A table's stream and the mapping that feeds its listener: at least once, ordered per item. */
export class SimulatedStream<C extends Told> {
  /** What went to the failure destination. */
  readonly deadLetters: Numbered<C>[] = [];
  readonly #ports: StreamPorts<C>;
  readonly #lanes: Lane<C>[] = Array.from({ length: LANES }, () => ({ waiting: [], fresh: [], busy: false }));
  #sequence = 0;
  #open = 0;

  constructor(ports: StreamPorts<C>) {
    this.#ports = ports;
  }

  /** Changes that are still on their way. */
  get open(): number {
    return this.#open;
  }

  write(told: C): void {
    const { clock, chance, nature } = this.#ports;
    this.#sequence += 1;
    this.#open += 1;
    const sequenceNumber = String(1_000_000 + this.#sequence);
    const lane = this.#lanes[hash32(told.pipelineId) % LANES] as Lane<C>;
    const change = { ...told, eventId: `e${sequenceNumber}`, sequenceNumber, writtenAtMs: clock.nowMs() };
    lane.fresh.push(change);
    clock.after(chance.between(...nature.streamMs), () => this.#pump(lane));
  }

  #pump(lane: Lane<C>): void {
    if (lane.busy) return;
    const next =
      lane.waiting.shift() ??
      (lane.fresh.length > 0 ? { changes: lane.fresh.splice(0, BATCH), tries: 0 } : undefined);
    if (next === undefined) return;
    lane.busy = true;
    this.#ports.invoke(next.changes, (result) => this.#judge(lane, next, result));
  }

  #judge(lane: Lane<C>, delivery: Delivery<C>, result: InvocationResult): void {
    const { clock, chance, nature } = this.#ports;
    const failedFrom = this.#failedFrom(delivery, result);
    if (failedFrom === undefined) {
      this.#open -= delivery.changes.length;
      if (chance.happens(nature.duplicateEvents)) {
        this.#open += delivery.changes.length;
        clock.after(chance.between(1_000, 120_000), () => {
          lane.waiting.push({ ...delivery, tries: 0 });
          this.#pump(lane);
        });
      }
      this.#next(lane, 0);
      return;
    }
    this.#open -= failedFrom;
    const left = delivery.changes.slice(failedFrom);
    const refused = result.kind === 'failed' && result.error === 'Lambda.TooManyRequestsException';
    // A throttle is no retry, but the records grow older by it.
    const tries = delivery.tries + (refused ? 0 : 1);
    const alive = left.filter((entry) => clock.nowMs() - entry.writtenAtMs < MAX_AGE_MS);
    if (left.length > alive.length) this.#giveUp(left.slice(0, left.length - alive.length));
    if (alive.length > 1 && !refused && failedFrom === 0) {
      // Bisected; splitting counts as no retry.
      const middle = alive.length >> 1;
      lane.waiting.unshift(
        { changes: alive.slice(0, middle), tries: delivery.tries },
        { changes: alive.slice(middle), tries: delivery.tries },
      );
    } else if (alive.length > 0 && tries > MAX_RETRIES) this.#giveUp(alive);
    else if (alive.length > 0) lane.waiting.unshift({ changes: alive, tries });
    this.#next(lane, 1000 * Math.min(30, 2 ** Math.min(tries, 5)));
  }

  /** From which change on the batch has to be tried again; undefined if all is well. */
  #failedFrom(delivery: Delivery<C>, result: InvocationResult): number | undefined {
    if (result.kind === 'failed') return 0;
    const { batchItemFailures } = result.value as {
      readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
    };
    const places = batchItemFailures.map(({ itemIdentifier }) =>
      delivery.changes.findIndex(({ sequenceNumber }) => sequenceNumber === itemIdentifier),
    );
    return places.length === 0 ? undefined : Math.max(0, Math.min(...places));
  }

  #giveUp(changes: readonly Entry<C>[]): void {
    this.#open -= changes.length;
    this.deadLetters.push(...changes);
  }

  #next(lane: Lane<C>, inMs: number): void {
    this.#ports.clock.after(inMs, () => {
      lane.busy = false;
      this.#pump(lane);
    });
  }
}
