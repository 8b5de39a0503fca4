import { pipelineHref } from '../state/route.ts';
import { RecordForm } from './record-form.tsx';

const PROPOSED = {};

export function NewPipeline() {
  return (
    <>
      <h1>New pipeline</h1>
      <p class="lead">
        One record is one pipeline. All but its id may be left out; what stands grey in a field is what it is
        then.
      </p>
      <RecordForm
        stored={PROPOSED}
        isNew
        saved={({ pipelineId }) => {
          location.hash = pipelineHref(String(pipelineId));
        }}
      />
    </>
  );
}
