import { setTimeout as sleep } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import type { CodeDesk } from '../../views/desk.ts';
import { CommandFault, EXIT } from '../exit-codes.ts';
import { isOver, rolloutLine, waveLines } from './words.ts';

/** How often a release's record is read. */
const READ_MS = 1_000;
/** So long after an upload its record is there at the latest. */
const LONGEST_MS = 60_000;

/** Where a rollout is shown while it goes on. */
export interface RolloutScreen {
  show(record: ReleaseRecord): void;
  close(): void;
}

/** Drawn over and over. */
export function drawnScreen(terminal: NodeJS.WriteStream): RolloutScreen {
  const update = createLogUpdate(terminal);
  return {
    show: (record) => update([rolloutLine(record), ...waveLines(record)].join('\n')),
    close: () => update.done(),
  };
}

/** A line whenever something has changed, until it is over: what came of it is a result. */
export function sayingScreen(say: (line: string) => void): RolloutScreen {
  let said = '';
  return {
    show(record) {
      const line = rolloutLine(record);
      if (line !== said && !isOver(record)) say(line);
      said = line;
    },
    close: () => {},
  };
}

/**
 * Follows a release until nothing more will come of it by itself, or somebody has had enough.
 * @returns its record as it was read last
 * @throws {CommandFault} where nothing has come of an upload
 */
export async function followRollout(
  desk: Pick<CodeDesk, 'rollouts'>,
  { codeKey, version }: { readonly codeKey: string; readonly version: string },
  screen: RolloutScreen,
  signal: AbortSignal,
  nowMs: () => number = Date.now,
): Promise<ReleaseRecord | undefined> {
  const untilMs = nowMs() + LONGEST_MS;
  try {
    for (;;) {
      const releases = await desk.rollouts(codeKey);
      const record = releases.find((one) => one.version === version);
      if (record !== undefined) screen.show(record);
      if (record !== undefined && isOver(record)) return record;
      if (record === undefined && nowMs() > untilMs) throw notTakenUp(codeKey, version);
      await sleep(READ_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return record;
    }
  } finally {
    screen.close();
  }
}

function notTakenUp(codeKey: string, version: string): CommandFault {
  return new CommandFault(
    EXIT.notWell,
    `version ${version} of ${codeKey} is uploaded, and nothing has begun to bring it out: a newer upload may have come, or the reconciler finds it within 15 minutes — sluice rollout ls tells`,
  );
}
