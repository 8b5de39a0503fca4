import { useEffect, useState } from 'preact/hooks';
import { NO_RECORD } from '../../../views/desk.ts';
import type { RecordCheck } from '../../../views/pipelines.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Difference } from '../parts/difference.tsx';
import { plural } from '../parts/format.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { call, get, pipelinePath } from '../state/api.ts';
import { tell } from '../state/notices.ts';
import { usePolled } from '../state/polled.ts';
import { pipelineHref } from '../state/route.ts';
import {
  asForm,
  asText,
  begun,
  edited,
  isTouched,
  type RecordDraft,
  type Stored,
  typed,
  saved as written,
} from './draft.ts';
import { Field } from './field.tsx';
import { type Fields, groupsOf, type Schema, withField } from './schema.ts';

interface RecordFormProps {
  /** As it stands in the table; of a new pipeline only what is proposed. */
  readonly stored: Stored;
  /** Stays what it is when another writes the record meanwhile: saving then says so. */
  readonly draft: RecordDraft;
  readonly isNew?: boolean;
  change(draft: RecordDraft): void;
  saved(record: Fields): void;
}

const CHECK_AFTER_MS = 300;
const ONCE_MS = 3_600_000;
const NOTHING: RecordCheck = { problems: [], changes: [], standing: NO_RECORD };

/** The config record as a form made from its schema; the stage checks it while it is edited. */
export function RecordForm({ stored, draft, isNew = false, change, saved }: RecordFormProps) {
  const schema = usePolled<Schema>('schema', () => get('/api/schema'), ONCE_MS);
  const [isAsking, setAsking] = useState(false);
  const { base, record, text, fault } = draft;
  const check = useCheck(record);
  const isEdited = isTouched(draft);
  const isStale = stored.standing !== draft.standing;
  if (schema.data === undefined) {
    return schema.error ? <Failed error={schema.error} again={schema.reload} /> : <Loading what="the form" />;
  }
  const { problems, changes } = check;
  const isTaken = isNew && check.standing !== NO_RECORD;
  const restart = () => change(begun(stored, draft));
  const save = async () => {
    const pipelineId = String(record.pipelineId);
    const put = { record, standing: draft.standing };
    const { standing } = await call<RecordCheck>('PUT', pipelinePath(pipelineId), put);
    change(written(draft, standing));
    tell('good', `${pipelineId} saved; the stage follows`);
    saved(record);
  };
  return (
    <div class="record">
      <fieldset class="record-ways">
        <legend class="unseen">Edit as</legend>
        <button
          type="button"
          class="chip"
          aria-pressed={text === undefined}
          disabled={fault !== undefined}
          onClick={() => change(asForm(draft))}
        >
          Form
        </button>
        <button
          type="button"
          class="chip"
          aria-pressed={text !== undefined}
          onClick={() => change(asText(draft))}
        >
          JSON
        </button>
      </fieldset>
      {isEdited && isStale && (
        <p class="banner">
          Somebody else has written this record since. Saving will be refused —{' '}
          <button type="button" class="quiet" onClick={restart}>
            start again from theirs
          </button>
        </p>
      )}
      {text !== undefined ? (
        <JsonText text={text} fault={fault} type={(next) => change(typed(draft, next))} />
      ) : (
        <Groups
          schema={schema.data}
          record={record}
          stored={base}
          check={check}
          isNew={isNew}
          change={(next) => change(edited(draft, next))}
        />
      )}
      <div class="record-foot">
        <p role="status">
          {isTaken ? (
            <span class="bad">
              There is a pipeline {String(record.pipelineId)} already:{' '}
              <a href={pipelineHref(String(record.pipelineId), 'record')}>open its record</a>
            </span>
          ) : fault !== undefined ? (
            <span class="bad">Not to be saved: the text is no JSON yet</span>
          ) : problems.length > 0 ? (
            <span class="bad">
              {plural(problems.length, 'problem')}: {problems[0]?.path || 'the record'}
            </span>
          ) : changes.length > 0 ? (
            plural(changes.length, 'change')
          ) : (
            'No changes'
          )}
        </p>
        {isEdited && (
          <button type="button" onClick={restart}>
            Undo all
          </button>
        )}
        <button
          type="button"
          class="primary"
          disabled={isTaken || fault !== undefined || changes.length === 0 || problems.length > 0}
          onClick={() => setAsking(true)}
        >
          {isNew ? 'Review and add' : 'Review and save'}
        </button>
      </div>
      {isAsking && (
        <Dialog
          title={isNew ? `Add ${String(record.pipelineId)}?` : `Change ${String(record.pipelineId)}?`}
          deed={isNew ? 'Add the pipeline' : 'Save'}
          act={save}
          close={() => setAsking(false)}
        >
          <Difference changes={changes} />
        </Dialog>
      )}
    </div>
  );
}

/** Asks the stage what is wrong with the record, and what it would change, once nobody has typed for a moment. */
function useCheck(record: Fields): RecordCheck {
  const [check, setCheck] = useState(NOTHING);
  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(async () => {
      try {
        const found = await call<RecordCheck>('POST', '/api/check', { record });
        if (!isOver) setCheck(found);
      } catch (error) {
        if (!isOver) tell('bad', (error as Error).message);
      }
    }, CHECK_AFTER_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [record]);
  return check;
}

interface GroupsProps {
  readonly schema: Schema;
  readonly record: Fields;
  readonly stored: Fields;
  readonly check: RecordCheck;
  readonly isNew: boolean;
  change(record: Fields): void;
}

function Groups({ schema, record, stored, check, isNew, change }: GroupsProps) {
  const field = (name: string) => {
    const of = schema.properties?.[name];
    if (of === undefined) return null;
    return (
      <Field
        key={name}
        name={name}
        path={name}
        schema={of}
        value={record[name]}
        problems={check.problems}
        isChanged={JSON.stringify(record[name]) !== JSON.stringify(stored[name])}
        change={(value) => change(withField(record, name, value))}
      />
    );
  };
  const known = Object.keys(schema.properties ?? {});
  const general = check.problems.filter(
    ({ path }) =>
      !known.some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)),
  );
  return (
    <>
      {general.map((problem) => (
        <p key={problem.path + problem.code} class="problem">
          {problem.path}{' '}
          {problem.code === 'UnknownField' ? 'is not a known field' : `must be ${problem.allowed}`} —{' '}
          {problem.hint}
        </p>
      ))}
      {isNew && <section class="field-group">{field('pipelineId')}</section>}
      {groupsOf(schema).map(({ name, fields }) => (
        <section key={name} class="field-group" aria-label={name}>
          <h2>{name}</h2>
          {fields.map(field)}
        </section>
      ))}
    </>
  );
}

interface JsonTextProps {
  readonly text: string;
  readonly fault: string | undefined;
  type(text: string): void;
}

function JsonText({ text, fault, type }: JsonTextProps) {
  return (
    <>
      <textarea
        aria-label="The record as JSON"
        class="json"
        spellcheck={false}
        rows={Math.max(12, text.split('\n').length + 1)}
        value={text}
        onInput={(event) => type(event.currentTarget.value)}
      />
      {fault && <p class="problem">No JSON yet: {fault}</p>}
    </>
  );
}
