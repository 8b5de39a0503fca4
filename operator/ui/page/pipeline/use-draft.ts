import { useEffect } from 'preact/hooks';
import { useSignalValue } from '../state/signal-value.ts';
import { followed, type RecordDraft, type Stored } from './draft.ts';
import { drafts, keepDraft, leaveDraft } from './drafts.ts';

/** The draft of a pipeline's record, once that has been read; an edited one is still there when somebody comes back to it. */
export function useDraft(
  pipelineId: string,
  stored: Stored | undefined,
): readonly [RecordDraft | undefined, (draft: RecordDraft) => void] {
  const draft = useSignalValue(drafts).get(pipelineId);
  useEffect(() => {
    if (stored !== undefined) keepDraft(pipelineId, followed(drafts.peek().get(pipelineId), stored));
  }, [pipelineId, stored?.record, stored?.standing]);
  useEffect(() => () => leaveDraft(pipelineId), [pipelineId]);
  return [draft, (next) => keepDraft(pipelineId, next)];
}
