/** What a task's handler may write: one JSON line each, with the task's ids. */
export interface TaskLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Says what did not work around a task. */
export function problemReporter(
  write: WriteLine,
  ids: Readonly<Record<string, unknown>>,
): (text: string, error?: unknown) => void {
  return (text, error) => {
    const problem = { level: 'warn', sluice: 'problem', message: text, ...ids };
    write(logLine(problem, error === undefined ? {} : { error: describeError(error) }));
  };
}

export type Level = 'info' | 'warn' | 'error';

/** Writes one line of JSON. */
export type WriteLine = (line: string) => void;

/** CloudWatch takes 1 MiB a line; a person takes less. */
const TEXT_CHARACTERS = 4_000;
const CAUSES = 3;

/**
 * One log line: `own` first, then fields, which cannot replace them. Fields that cannot be written as JSON must
 * not fail a task: the line then says so instead.
 */
export function logLine(
  own: Readonly<Record<string, unknown>>,
  fields?: Readonly<Record<string, unknown>>,
): string {
  try {
    return JSON.stringify(fields === undefined ? own : { ...own, ...fields, ...own });
  } catch (error) {
    return JSON.stringify({ ...own, unwritable: error instanceof Error ? error.message : 'fields' });
  }
}

/** A log whose lines all carry these fields; a handler's own fields cannot replace them. */
export function createTaskLog(write: WriteLine, fields: Readonly<Record<string, unknown>>): TaskLog {
  const at =
    (level: Level) =>
    (message: string, own: Readonly<Record<string, unknown>> = {}): void =>
      write(logLine({ sluice: 'log', level, message, ...fields }, own));
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** What is written of anything thrown: name, message, stack, and what caused it, cut to a readable size. */
export function describeError(error: unknown, causes = CAUSES): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error, message: cut(asText(error)) };
  return {
    name: error.name,
    message: cut(error.message),
    ...(error.stack === undefined ? {} : { stack: cut(error.stack) }),
    ...(error.cause === undefined || causes === 0 ? {} : { cause: describeError(error.cause, causes - 1) }),
  };
}

/** To a readable size. */
export function cut(text: string): string {
  return text.length <= TEXT_CHARACTERS ? text : `${text.slice(0, TEXT_CHARACTERS)}…`;
}

/** An object may refuse to become text, and a thrown one must still be reported. */
function asText(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something that has no text';
  }
}
