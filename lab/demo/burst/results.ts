import type { BurstRecord } from '../../../core/burst/record.ts';
import { curveOf, peakOf, type Step } from '../../../core/spread/curve.ts';
import { TASKS } from './settings.ts';

/** A way to hand the tasks over. */
export type Way = 'at once' | 'random' | 'planned';

/** A task that has ended well, by its own stamps. */
export interface Stamp {
  readonly document: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** What was seen of one burst. */
export interface Seen {
  readonly way: Way;
  /** The hand-over, epoch milliseconds. */
  readonly handedOverMs: number;
  readonly stamps: readonly Stamp[];
  /** Of those that the trigger took, once it has ended. */
  readonly record?: BurstRecord | undefined;
}

/** What it says. Seconds are from the hand-over. */
export interface RunResult {
  readonly way: Way;
  readonly tasks: number;
  /** Tasks that ended well more than once. */
  readonly twice: number;
  readonly peak: number;
  readonly firstStartSeconds: number;
  readonly lastStartSeconds: number;
  readonly finishSeconds: number;
  /** What tasks really took, mean. */
  readonly taskSeconds: number;
  readonly curve: readonly { readonly atSeconds: number; readonly running: number }[];
  readonly predicted?: { readonly peak: number; readonly finishSeconds: number };
  /** What the burst's own record says of it. */
  readonly record?: Pick<BurstRecord, 'state' | 'totals' | 'peakConcurrency'>;
}

export function resultOf({ way, handedOverMs, stamps, record }: Seen): RunResult {
  const ran = stamps.map(({ startedAtMs, endedAtMs }) => ({ startMs: startedAtMs, endMs: endedAtMs }));
  const starts = ran.map(({ startMs }) => startMs);
  const since = (atMs: number) => (atMs - handedOverMs) / 1000;
  const ranMs = ran.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const plan = record?.segments.at(-1)?.plan.predicted;
  return {
    way,
    tasks: new Set(stamps.map(({ document }) => document)).size,
    twice: stamps.length - new Set(stamps.map(({ document }) => document)).size,
    peak: peakOf(ran).running,
    firstStartSeconds: since(Math.min(...starts)),
    lastStartSeconds: since(Math.max(...starts)),
    finishSeconds: since(Math.max(...ran.map(({ endMs }) => endMs))),
    taskSeconds: ranMs / 1000 / Math.max(1, ran.length),
    curve: curveOf(ran).map(({ atMs, running }: Step) => ({ atSeconds: since(atMs), running })),
    ...(plan && { predicted: { peak: plan.peakConcurrency, finishSeconds: plan.finishSeconds } }),
    ...(record && {
      record: {
        state: record.state,
        ...(record.totals && { totals: record.totals }),
        ...(record.peakConcurrency !== undefined && { peakConcurrency: record.peakConcurrency }),
      },
    }),
  };
}

/** Whether a burst's record has ended with totals that are the truth. */
export function isTrue({ record, tasks }: RunResult): boolean {
  const totals = record?.totals;
  if (record?.state !== 'Ended' || totals === undefined) return false;
  const { total, sent, done, ...others } = totals;
  const rest = { ...others, started: others.started - done };
  return (
    total === TASKS && sent === TASKS && done === tasks && Object.values(rest).every((many) => many === 0)
  );
}
