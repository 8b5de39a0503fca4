/** One attempt of one task, by its own stamps. */
export interface Attempt {
  readonly pipelineId: string;
  readonly task: number;
  readonly release: number;
  /** Epoch milliseconds; one that was broken off has no end. */
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly fate: 'done' | 'failed' | 'brokenOff';
}

/** An attempt that came to an end. */
export type Ended = Attempt & { readonly endedAtMs: number };

type Line = Readonly<Record<string, unknown>>;

/** The attempts that consumers have logged, by their start. */
export function attemptsIn(lines: readonly Line[]): Attempt[] {
  const key = ({ requestId, messageId }: Line) => `${requestId} ${messageId}`;
  const ends = new Map(lines.filter(says('ended')).map((line) => [key(line), line]));
  return lines
    .filter(says('began'))
    .map((line): Attempt => {
      const { pipelineId, task, release, atMs } = line as unknown as Stamp;
      const began = { pipelineId, task, release, startedAtMs: atMs };
      const end = ends.get(key(line)) as Stamp | undefined;
      if (end === undefined) return { ...began, fate: 'brokenOff' };
      return { ...began, endedAtMs: end.atMs, fate: end.fate === 'done' ? 'done' : 'failed' };
    })
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** What a task says of itself, at its begin and at its end. */
interface Stamp extends Line {
  readonly pipelineId: string;
  readonly task: number;
  readonly release: number;
  readonly atMs: number;
  readonly fate?: string;
}

function says(message: string): (line: Line) => boolean {
  return (line) => line.sluice === 'log' && line.message === message;
}

export function hasEnded(attempt: Attempt): attempt is Ended {
  return attempt.endedAtMs !== undefined;
}
