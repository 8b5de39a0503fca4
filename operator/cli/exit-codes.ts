/** How a command ended, for scripts. */
export const EXIT = {
  /** As it should. */
  well: 0,
  /** What it is about did not end well: tasks became dead letters, were refused, or nobody knows of them. */
  notWell: 1,
  /** It was called wrongly. */
  usage: 2,
  /** There is no such thing, by the id it was given. */
  unknown: 3,
  /** The stage could not be asked: not there, no credentials, or AWS did not answer. */
  unreachable: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command that cannot go on, with what to tell the person who called it. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
