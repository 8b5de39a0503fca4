/** One attempt of one task, by its own stamps. */
export interface Attempt {
  readonly pipelineId: string;
  readonly task: number;
  readonly release: number;
  /** Epoch milliseconds; both are missing of an attempt that was broken off. */
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  readonly fate: 'done' | 'failed' | 'brokenOff';
}

/** An attempt that came to an end. */
export type Ended = Attempt & { readonly startedAtMs: number; readonly endedAtMs: number };

type Line = Readonly<Record<string, unknown>>;

/**
 * The attempts that consumers have logged, by their start. The task's own line says which task and which release,
 * the runtime's when it ran and what came of it: one without that line was ended from outside.
 */
export function attemptsIn(lines: readonly Line[]): Attempt[] {
  const key = ({ requestId, messageId }: Line) => `${requestId} ${messageId}`;
  const outcomes = new Map(
    lines.filter(({ sluice }) => sluice === 'task').map((line) => [key(line), line] as const),
  );
  return lines
    .filter(({ sluice, message }) => sluice === 'log' && message === 'began')
    .map((line): Attempt => {
      const { pipelineId, task, release } = line as unknown as Attempt;
      const outcome = outcomes.get(key(line));
      if (outcome === undefined) return { pipelineId, task, release, fate: 'brokenOff' };
      const { startedAtMs, endedAtMs, fate } = outcome as unknown as Ended;
      const stamps = { startedAtMs, endedAtMs };
      return { pipelineId, task, release, ...stamps, fate: fate === 'done' ? 'done' : 'failed' };
    })
    .sort((a, b) => (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0));
}

export function hasEnded(attempt: Attempt): attempt is Ended {
  return attempt.endedAtMs !== undefined;
}
