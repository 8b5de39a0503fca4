const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

/** Ctrl-C. It ends the process, unless the command has asked for the signal: then it is told once, and ends by itself. */
export interface Interrupts {
  /** Aborted by the first Ctrl-C; a second one ends even what does not stop. */
  readonly signal: AbortSignal;
  stop(): void;
}

export function createInterrupts(): Interrupts {
  let ending: AbortController | undefined;
  const end = () => ending?.abort();
  return {
    get signal() {
      if (ending === undefined) {
        ending = new AbortController();
        for (const name of INTERRUPTS) process.once(name, end);
      }
      return ending.signal;
    },
    stop() {
      for (const name of INTERRUPTS) process.off(name, end);
    },
  };
}
