import { useEffect, useState } from 'preact/hooks';
import { type Given, NOTHING_GIVEN, type OwnTasks, readOwnTasks } from './own-tasks.ts';

const READ_AFTER_MS = 200;

/** Tasks that were given, once nobody has typed for a moment: many lines take some time to read. */
export function useReading(given: Given): { readonly own: OwnTasks; readonly isReading: boolean } {
  const [done, setDone] = useState<{ readonly given: Given; readonly own: OwnTasks }>({
    given: NOTHING_GIVEN,
    own: { kind: 'none' },
  });
  useEffect(() => {
    const timer = setTimeout(() => setDone({ given, own: readOwnTasks(given) }), READ_AFTER_MS);
    return () => clearTimeout(timer);
  }, [given]);
  return { own: done.own, isReading: done.given !== given };
}
