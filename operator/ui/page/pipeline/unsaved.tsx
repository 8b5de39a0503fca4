import { pipelineHref } from '../state/route.ts';
import { useSignalValue } from '../state/signal-value.ts';
import { dropDraft, NEW, unsaved } from './drafts.ts';

/** Where edits are that nobody has saved, on other screens than theirs. */
export function Unsaved({ here }: { readonly here: string | undefined }) {
  const elsewhere = useSignalValue(unsaved).filter((pipelineId) => pipelineId !== here);
  if (elsewhere.length === 0) return null;
  return (
    <aside class="unsaved" aria-label="Edits that are not saved">
      Not saved yet:
      {elsewhere.map((pipelineId) => (
        <a key={pipelineId} href={pipelineId === NEW ? '#/new' : pipelineHref(pipelineId, 'record')}>
          {pipelineId === NEW ? 'a new pipeline' : pipelineId}
        </a>
      ))}
    </aside>
  );
}

/** An edit of a record that is no longer there. */
export function DropEdit({ pipelineId }: { readonly pipelineId: string }) {
  const isEdited = useSignalValue(unsaved).includes(pipelineId);
  if (!isEdited) return null;
  return (
    <button type="button" onClick={() => dropDraft(pipelineId)}>
      Drop your edit of its record
    </button>
  );
}
