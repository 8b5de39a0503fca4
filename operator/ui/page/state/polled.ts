import { useEffect, useRef, useState } from 'preact/hooks';

/** Something that is asked for again and again. */
export interface Polled<T> {
  readonly data: T | undefined;
  /** The last time it could not be had; `data` may still be there from before. */
  readonly error: Error | undefined;
  reload(): void;
}

/**
 * Asks again and again as long as the page is looked at.
 * @param key asked anew, and from nothing, when it changes
 */
export function usePolled<T>(key: string, load: () => Promise<T>, everyMs: number): Polled<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: Error }>({ key });
  const latest = useRef(load);
  latest.current = load;
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      if (!document.hidden) {
        try {
          const data = await latest.current();
          if (!isOver) setState({ key, data });
        } catch (error) {
          if (!isOver) setState((before) => ({ ...before, key, error: error as Error }));
        }
      }
      if (!isOver) timer = setTimeout(ask, everyMs);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, everyMs, round]);
  const current = state.key === key ? state : undefined;
  return { data: current?.data, error: current?.error, reload: () => setRound((before) => before + 1) };
}
