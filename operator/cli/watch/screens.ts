import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import type { BurstProgress } from '../../../core/burst/progress.ts';
import { endedWell, endingLine } from './ending.ts';
import { factsLine, renderBurst } from './render.ts';

/** Where a watch is shown. */
export interface Screen {
  /** All that are watched, as they were just read. */
  show(bursts: readonly BurstProgress[]): void;
  /** All of them have ended. */
  end(bursts: readonly BurstProgress[]): void;
  /** Leaves the terminal as it was. */
  close(): Promise<void>;
}

type Out = Pick<NodeJS.WritableStream, 'write'>;

const REDRAW_MS = 100;
const WIDEST = 120;

/** Bars that are drawn over and over; what came of it goes to `results`, unless that is the same terminal. */
export function terminalScreen(
  terminal: WriteStream,
  results: Out & { isTTY?: boolean },
  env: NodeJS.ProcessEnv,
): Screen {
  const update = createLogUpdate(terminal);
  const colour = terminal.hasColors(env);
  let latest: { readonly bursts: readonly BurstProgress[]; readonly shownAtMs: number } | undefined;
  const draw = () => {
    if (latest === undefined) return;
    const elapsedMs = Date.now() - latest.shownAtMs;
    const width = Math.min(WIDEST, terminal.columns ?? 80);
    // Each three lines and an empty one; what is above the screen could not be drawn over.
    const room = Math.max(1, Math.floor((terminal.rows ?? 24) / 4));
    const shown = latest.bursts.slice(-room);
    const left = latest.bursts.length - shown.length;
    const bars = shown.map((burst) => renderBurst({ ...burst, atMs: burst.atMs + elapsedMs }, width, colour));
    update([...(left > 0 ? [`${left} more`] : []), ...bars].join('\n\n'));
  };
  const timer = setInterval(draw, REDRAW_MS);
  return {
    show(bursts) {
      latest = { bursts, shownAtMs: Date.now() };
      draw();
    },
    end(bursts) {
      draw();
      update.done();
      if (bursts.length === 0) terminal.write('no burst is open\n');
      if (!results.isTTY) for (const burst of bursts) results.write(`${endingLine(burst)}\n`);
    },
    async close() {
      clearInterval(timer);
      update.done();
    },
  };
}

/** A line for each burst whenever something has changed. */
export function lineScreen(out: Out, results: Out): Screen {
  const said = new Map<string, string>();
  return {
    show(bursts) {
      for (const burst of bursts) {
        const { totals, state, burstId, pipelineId } = burst;
        const facts = `${state} ${JSON.stringify(totals)}`;
        if (state === 'Ended' || said.get(burstId) === facts) continue;
        said.set(burstId, facts);
        out.write(
          `${pipelineId} ${burstId}: ${totals.done} of ${totals.total} done · ${factsLine(burst, Number.POSITIVE_INFINITY)}\n`,
        );
      }
    },
    end(bursts) {
      if (bursts.length === 0) out.write('no burst is open\n');
      for (const burst of bursts) results.write(`${endingLine(burst)}\n`);
    },
    close: async () => {},
  };
}

/** What a program reads, a line for each burst and reading: a {@link BurstProgress}, and once it has ended `endedWell`. */
export function jsonScreen(out: Out): Screen {
  const ended = new Set<string>();
  return {
    show(bursts) {
      for (const burst of bursts) {
        const { burstId, state } = burst;
        if (ended.has(burstId)) continue;
        if (state === 'Ended') ended.add(burstId);
        out.write(
          `${JSON.stringify(state === 'Ended' ? { ...burst, endedWell: endedWell(burst) } : burst)}\n`,
        );
      }
    },
    end: () => {},
    close: async () => {},
  };
}
