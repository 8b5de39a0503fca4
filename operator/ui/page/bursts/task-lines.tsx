import { useId } from 'preact/hooks';
import { WHATS } from '../../../../core/burst/task-lines.ts';
import { count, plural } from '../parts/format.ts';
import { type Given, givenFile, NOTHING_GIVEN, type OwnTasks } from './own-tasks.ts';

interface TaskLinesProps {
  readonly given: Given;
  readonly read: OwnTasks;
  readonly pipelineId: string;
  change(given: Given): void;
}

/** Tasks of one's own: written here, or from a file. */
export function TaskLines({ given, read, pipelineId, change }: TaskLinesProps) {
  const id = useId();
  const isWrong = read.kind === 'bad' || read.kind === 'elsewhere';
  return (
    <div class="task-lines">
      {given.kind === 'text' ? (
        <label>
          <span>Tasks, a line of JSON each</span>
          <textarea
            class="json"
            rows={6}
            spellcheck={false}
            placeholder={'{"page": 1}\n{"page": 2, "estimatedSeconds": 4}'}
            value={given.text}
            aria-invalid={isWrong}
            aria-describedby={id}
            onInput={(event) => change({ kind: 'text', text: event.currentTarget.value })}
          />
        </label>
      ) : (
        <p>
          <code>{given.name}</code>{' '}
          <button type="button" class="quiet" onClick={() => change(NOTHING_GIVEN)}>
            take it out
          </button>
        </p>
      )}
      <label class="task-file">
        <span>{given.kind === 'text' ? 'Or a file of them' : 'Or another file'}</span>
        <input
          type="file"
          accept=".jsonl,.ndjson,.json,.txt,application/x-ndjson"
          aria-describedby={id}
          onChange={async ({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file === undefined) return;
            const chosen = await givenFile(file);
            // So that the same file may be chosen again once it is mended.
            currentTarget.value = '';
            change(chosen);
          }}
        />
      </label>
      <div id={id} role="status">
        <Reading read={read} pipelineId={pipelineId} />
      </div>
    </div>
  );
}

function Reading({ read, pipelineId }: Pick<TaskLinesProps, 'read' | 'pipelineId'>) {
  switch (read.kind) {
    case 'none':
      return null;
    case 'tasks':
      return <p class="muted">{plural(read.tasks.length, 'task')}</p>;
    case 'bad': {
      const { bad, badLines } = read.lines;
      return (
        <ul class="bad-lines">
          {bad.map(({ line, code, why }) => (
            <li key={line}>
              Line {count(line)} is {WHATS[code]}
              {why !== undefined && <span class="muted"> — {why}</span>}
            </li>
          ))}
          {badLines > bad.length && <li>and {plural(badLines - bad.length, 'line')} more</li>}
        </ul>
      );
    }
    case 'elsewhere':
      return (
        <p class="problem">
          {read.says} <code>npx sluice send {pipelineId || 'ID'} --file tasks.jsonl</code> takes them, and so
          does the trigger from S3, as its <code>source</code>.
        </p>
      );
  }
}
