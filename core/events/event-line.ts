/**
 * The field of a function's log line that holds the detail of an event which it has published; the line's message is the
 * event's detail-type. One word, by which such lines can be looked for.
 */
export const EVENT_FIELD = 'sluiceEvent';

type Fields = Readonly<Record<string, unknown>>;

/** Something that the system did, and why. */
export interface Told {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** The detail-type of its event, or the message of the log line. */
  readonly what: string;
  readonly pipelineId?: string;
  readonly detail: Fields;
}

/** What a log line has beside what it tells. */
const AROUND = new Set([
  'level',
  'message',
  'timestamp',
  'service',
  'stage',
  'xray_trace_id',
  'sampling_rate',
]);

/**
 * Reads what a line of one of the stage's own functions tells.
 * @param line as the functions write it: aws/telemetry.ts
 * @param writtenAtMs where the line does not say it
 * @returns undefined for a line that tells nothing
 */
export function readTold(line: Fields, writtenAtMs: number): Told | undefined {
  const { message, timestamp, [EVENT_FIELD]: event } = line;
  if (typeof message !== 'string') return undefined;
  const saidMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  const detail = isMap(event)
    ? event
    : Object.fromEntries(Object.entries(line).filter(([field]) => !AROUND.has(field)));
  return {
    atMs: Number.isFinite(saidMs) ? saidMs : writtenAtMs,
    what: message,
    ...(typeof detail.pipelineId === 'string' && { pipelineId: detail.pipelineId }),
    detail,
  };
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
