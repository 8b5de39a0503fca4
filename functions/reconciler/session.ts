import pLimit from 'p-limit';
import { requestPermit } from '../../aws/control-plane-budget.ts';
import { paceReads } from '../../aws/function-reads.ts';
import type { Ledgers, Permit, Ports } from '../../aws/ports.ts';
import { executionName } from '../../core/config-change.ts';
import { shorten } from '../../core/problems.ts';
import type { Cause, Finding } from '../../core/reconcile.ts';
import type { StageSettings } from '../../core/stage-settings.ts';

/** Looks at once; each is a handful of reads. */
const PARALLEL_LOOKS = 16;
/** A tick reads a whole slice's functions: some at once, at whatever pace is left over. */
const READ_PACE = { horizonMs: 30_000, chunk: 20 };
/** Longest that one call of a tick waits for the control-plane budget. */
const PATIENCE_MS = 5_000;

/** What a tick's parts share. */
export interface Session {
  readonly ports: Ports;
  readonly settings: StageSettings;
  readonly started: Record<Cause, number>;
  failed: number;
  /** A call in Lambda's bucket; undefined if the budget has no room for it in this tick. */
  spend<T>(call: (permit: Permit) => Promise<T>): Promise<T | undefined>;
  start(pipelineId: string, finding: Finding): Promise<void>;
  /** Runs over all, some at once; one that throws is logged and left for the next round. */
  each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<(R | undefined)[]>;
}

export function createSession(ports: Ports, settings: StageSettings, deadlineMs: number): Session {
  const limit = pLimit(PARALLEL_LOOKS);
  const tickMs = ports.clock.nowMs();
  // What comes later is left for the next round, so that a slow tick too gets on and writes how far it came.
  const lastStartMs = deadlineMs - settings.timings.callSeconds * 1000;
  const paced = paceReads(ports, READ_PACE);
  const session: Session = {
    ports: { ...paced, ledgers: readOnce(ports.ledgers) },
    settings,
    started: { missed: 0, deadWriter: 0, retry: 0, drift: 0, deferred: 0 },
    failed: 0,
    async spend(call) {
      const untilMs = Math.min(ports.clock.nowMs() + PATIENCE_MS, lastStartMs);
      let ticketMs: number | undefined;
      while (ports.clock.nowMs() < untilMs) {
        const answer = await requestPermit(ports, settings.controlPlanePerSecond, 'edit', ticketMs);
        if (answer.kind === 'granted') return call(answer.permit);
        ticketMs = answer.ticketMs;
        if (ports.clock.nowMs() + answer.afterSeconds * 1000 >= untilMs) return undefined;
        await ports.clock.sleep(answer.afterSeconds * 1000);
      }
      return undefined;
    },
    async start(pipelineId, finding) {
      if (finding.kind !== 'start') return;
      const { cause, verify, detail } = finding;
      const name = executionName(pipelineId, `reconciler-${tickMs}`);
      const answer = await ports.executions.start(name, {
        pipelineId,
        verify,
        reason: `${cause}: ${detail}`,
      });
      if (answer === 'already') return;
      session.started[cause] += 1;
      ports.log.info('started a run', { pipelineId, cause, detail });
    },
    each(items, work) {
      return Promise.all(
        items.map((item) =>
          limit(async () => (ports.clock.nowMs() < lastStartMs ? work(item) : undefined)).catch(
            (error: unknown) => {
              ports.log.warn('a look failed', { item: shown(item), error: String(error) });
              return undefined;
            },
          ),
        ),
      );
    },
  };
  return session;
}

/** A name, or as much of a record as tells which one it is. */
function shown(item: unknown): string {
  return typeof item === 'string' ? item : shorten(JSON.stringify(item), 200);
}

/** The same facts serve a whole tick; what could not be read is asked for again. */
function readOnce(ledgers: Ledgers): Ledgers {
  const seen = new Map<string, ReturnType<Ledgers['read']>>();
  return {
    reserve: (id, request) => ledgers.reserve(id, request),
    write(id, value, revision) {
      seen.delete(id);
      return ledgers.write(id, value, revision);
    },
    read(id) {
      const known = seen.get(id);
      if (known !== undefined) return known;
      const asked = ledgers.read(id).catch((error: unknown) => {
        if (seen.get(id) === asked) seen.delete(id);
        throw error;
      });
      seen.set(id, asked);
      return asked;
    },
  };
}
