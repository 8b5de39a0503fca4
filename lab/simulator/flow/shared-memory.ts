import type { Ended } from '../../../core/flow/breaker.ts';
import { type HeldTurns, pullTurns, pushTurns } from '../../../core/flow/held-turns.ts';
import type { GroupState } from '../../../core/flow/hold.ts';
import type { Ran, Shared } from '../../../core/flow/shared.ts';
import {
  drawTickets,
  type TicketRequest,
  type TurnAnswer,
  type TurnRequest,
  takeTurn,
} from '../../../core/flow/turns.ts';
import { type Carry, callsOf, carried, type EffectsOf } from './carried.ts';

/** {@link Shared} at the moment of its effects. */
export type SharedEffects = EffectsOf<Shared>;

const CALLS = [
  'takeTurn',
  'drawTickets',
  'pushTurns',
  'readGroup',
  'writeGroup',
  'addEnded',
  'readEnded',
  'takeLease',
  'freeLease',
  'claimKey',
  'finishKey',
  'dropKey',
] as const satisfies readonly (keyof Shared)[];

/** The calls as functions of their own. */
export function effectsOf(memory: SharedMemory): SharedEffects {
  return callsOf<Shared>(memory, CALLS);
}

/** {@link Shared} over something that carries out one call after another. */
export function sharedOver(effects: SharedEffects, carry: Carry<Shared>): Shared {
  return carried(effects, CALLS, carry);
}

interface Once {
  readonly owner: string;
  readonly untilMs: number;
  readonly isDone: boolean;
}

/** What the environments of one pipeline share, in memory: each call is one step that nothing comes between. */
export class SharedMemory implements SharedEffects {
  /** Told of every change of the group's state. */
  onGroup: (state: GroupState) => void = () => {};
  /** What tasks took, as told along with turns. */
  ran: Ran = { tasks: 0, ms: 0 };
  #turns: HeldTurns = {};
  #group: { readonly state: GroupState; readonly revision: number } = { state: {}, revision: 0 };
  #lease: { readonly owner: string; readonly untilMs: number } | undefined;
  readonly #ended = new Map<string, Ended>();
  readonly #once = new Map<string, Once>();

  takeTurn(request: TurnRequest, ran: Ran): TurnAnswer {
    const { state, answer } = takeTurn(this.#turns, request);
    if (answer.kind === 'granted') {
      this.#turns = state;
      this.ran = { tasks: this.ran.tasks + ran.tasks, ms: this.ran.ms + ran.ms };
    }
    return answer;
  }

  drawTickets(request: TicketRequest): number | undefined {
    const { state, firstMs } = drawTickets(this.#turns, request);
    this.#turns = state;
    return firstMs;
  }

  pushTurns(untilMs: number): void {
    this.#turns = pushTurns(this.#turns, untilMs);
  }

  pullTurns(endedMs: number, untilMs: number): void {
    this.#turns = pullTurns(this.#turns, endedMs, untilMs);
  }

  /** As if no start had ever been reserved. */
  forgetTurns(): void {
    this.#turns = {};
  }

  /** A person deletes what the group shares. */
  removeGroup(): void {
    this.#group = { state: {}, revision: 0 };
    this.onGroup(this.#group.state);
  }

  readGroup(): { readonly state: GroupState; readonly revision: number } {
    return this.#group;
  }

  writeGroup(state: GroupState, revision: number): 'written' | 'conflict' {
    if (revision !== this.#group.revision) return 'conflict';
    // What DynamoDB would keep: a copy, without what is undefined.
    this.#group = { state: JSON.parse(JSON.stringify(state)), revision: revision + 1 };
    this.onGroup(this.#group.state);
    return 'written';
  }

  addEnded(part: string, { tasks, failed }: Ended): void {
    const before = this.#ended.get(part) ?? { tasks: 0, failed: 0 };
    this.#ended.set(part, { tasks: before.tasks + tasks, failed: before.failed + failed });
  }

  readEnded(parts: readonly string[]): Ended {
    let tasks = 0;
    let failed = 0;
    for (const part of parts) {
      const ended = this.#ended.get(part);
      tasks += ended?.tasks ?? 0;
      failed += ended?.failed ?? 0;
    }
    return { tasks, failed };
  }

  takeLease(
    owner: string,
    untilMs: number,
    nowMs: number,
  ): { readonly kind: 'taken' } | { readonly kind: 'held'; readonly untilMs: number } {
    const lease = this.#lease;
    if (lease !== undefined && lease.owner !== owner && lease.untilMs > nowMs) {
      return { kind: 'held', untilMs: lease.untilMs };
    }
    this.#lease = { owner, untilMs };
    return { kind: 'taken' };
  }

  freeLease(owner: string): void {
    if (this.#lease?.owner === owner) this.#lease = undefined;
  }

  claimKey(
    key: string,
    owner: string,
    untilMs: number,
    nowMs: number,
  ):
    | { readonly kind: 'claimed' }
    | { readonly kind: 'done' }
    | { readonly kind: 'running'; readonly untilMs: number } {
    const once = this.#once.get(key);
    if (once !== undefined && once.untilMs > nowMs) {
      if (once.isDone) return { kind: 'done' };
      if (once.owner !== owner) return { kind: 'running', untilMs: once.untilMs };
    }
    this.#once.set(key, { owner, untilMs, isDone: false });
    return { kind: 'claimed' };
  }

  finishKey(key: string, owner: string, untilMs: number): void {
    if (this.#once.get(key)?.owner === owner) this.#once.set(key, { owner, untilMs, isDone: true });
  }

  dropKey(key: string, owner: string): void {
    const once = this.#once.get(key);
    if (once?.owner === owner && !once.isDone) this.#once.delete(key);
  }
}
