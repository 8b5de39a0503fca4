import { FUNCTION_READS_LEDGER, FUNCTION_READS_PER_SECOND } from '../core/lanes.ts';
import { NotYet } from '../core/lifecycle/outcome.ts';
import type { ConsumerFunctions, Ports } from './ports.ts';

/** How late a read may come, milliseconds: an answer of the ledger on a slow connection. */
const LATE_MS = 2_000;

export interface ReadPace {
  /** How far ahead a read may be put off; where the next one would be further it is given up. */
  readonly horizonMs: number;
  /** How many reads are reserved at once: one by one costs a write for each. */
  readonly chunk: number;
}

/**
 * The same ports, but GetFunction keeps to its own bucket, whoever asks: thousands of runs that start
 * together would ask thousands of times in one second.
 * @throws {NotYet} from `functions.read` where its turn is too far ahead
 */
export function paceReads(ports: Ports, { horizonMs, chunk }: ReadPace): Ports {
  const { clock, ledgers, random, functions } = ports;
  const spacingMs = 1000 / FUNCTION_READS_PER_SECOND;
  let turns: number[] = [];
  let refilling: Promise<void> | undefined;

  const refill = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    const request = { nowMs, spacingMs, count: chunk, horizonMs };
    const answer = await ledgers.reserve(FUNCTION_READS_LEDGER, request);
    if (answer.kind === 'full') {
      // Back when there is room, not all at once.
      throw new NotYet((answer.nextFreeMs - nowMs) / 1000 - (random() * horizonMs) / 1000);
    }
    turns = Array.from({ length: chunk }, (_, at) => answer.startMs + at * spacingMs);
  };

  const nextTurn = async (): Promise<number> => {
    for (;;) {
      const turnMs = turns.shift();
      // One that nobody took in time is given up: later it would be one too many.
      if (turnMs !== undefined && turnMs > clock.nowMs() - LATE_MS) return turnMs;
      if (turnMs !== undefined) continue;
      refilling ??= refill().finally(() => {
        refilling = undefined;
      });
      await refilling;
    }
  };

  const read: ConsumerFunctions['read'] = async (name) => {
    const turnMs = await nextTurn();
    while (clock.nowMs() < turnMs) await clock.sleep(turnMs - clock.nowMs());
    return functions.read(name);
  };
  return { ...ports, functions: Object.assign(Object.create(functions) as ConsumerFunctions, { read }) };
}
