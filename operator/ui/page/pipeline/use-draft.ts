import { useEffect, useState } from 'preact/hooks';
import { begun, followed, type RecordDraft } from './draft.ts';
import type { Fields } from './schema.ts';

/** A draft that lives as long as the screen that keeps it, whichever part of that is shown. */
export function useDraft(
  stored: Fields | undefined,
): readonly [RecordDraft | undefined, (draft: RecordDraft) => void] {
  const [draft, setDraft] = useState(stored && begun(stored));
  useEffect(() => {
    if (stored !== undefined) setDraft((before) => followed(before, stored));
  }, [stored]);
  return [draft, setDraft];
}
