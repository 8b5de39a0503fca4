import { NO_RECORD } from '../../../views/desk.ts';
import { pipelineHref } from '../state/route.ts';
import { begun } from './draft.ts';
import { NEW } from './drafts.ts';
import { RecordForm } from './record-form.tsx';
import { useDraft } from './use-draft.ts';

/** Put only where there is no record yet. */
const PROPOSED = { record: {}, standing: NO_RECORD };

export function NewPipeline() {
  const [draft = begun(PROPOSED), setDraft] = useDraft(NEW, PROPOSED);
  return (
    <>
      <h1>New pipeline</h1>
      <p class="lead">
        One record is one pipeline. All but its id may be left out; what stands grey in a field is what it is
        then.
      </p>
      <RecordForm
        stored={PROPOSED}
        draft={draft}
        change={setDraft}
        isNew
        saved={({ pipelineId }) => {
          location.hash = pipelineHref(String(pipelineId));
        }}
      />
    </>
  );
}
