import { useId } from 'preact/hooks';
import type { Problem } from '../../../../core/problems.ts';
import { Names } from './names.tsx';
import { NumberInput } from './number-input.tsx';
import {
  beginning,
  defaultText,
  type Fields,
  kindOf,
  notesOf,
  type Schema,
  wayName,
  wayOf,
  withField,
} from './schema.ts';

interface FieldProps {
  readonly name: string;
  readonly path: string;
  readonly schema: Schema;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly isChanged?: boolean;
  change(value: unknown): void;
}

/** One field of the record: what it is, its control, and what is wrong with it. */
export function Field(props: FieldProps) {
  const { name, path, schema, value, problems, isChanged = false, change } = props;
  const id = useId();
  const own = problems.filter((problem) => problem.path === path || isBelow(problem.path, path));
  const { what, must } = notesOf(schema);
  const isSet = value !== undefined;
  return (
    <div
      class={`field ${isSet ? 'field-set' : ''} ${isChanged ? 'field-changed' : ''} ${own.length > 0 ? 'field-bad' : ''}`}
    >
      <div class="field-name">
        <label for={id} id={`${id}-name`}>
          {schema.title ?? name}
        </label>
        <code>{name}</code>
      </div>
      <div class="field-control">
        <Control {...props} id={id} />
        {schema['x-unit'] && kindOf(schema) === 'number' && <span class="unit">{schema['x-unit']}</span>}
        {isSet && kindOf(schema) !== 'ways' && (
          <button
            type="button"
            class="quiet"
            onClick={() => change(undefined)}
            aria-label={`leave out ${name}`}
          >
            leave out
          </button>
        )}
      </div>
      <p class="field-notes" id={`${id}-notes`} title={must}>
        {what}
      </p>
      {own.map((problem) => (
        <p key={problem.path + problem.code} class="problem">
          {problem.path === path ? '' : `${problem.path}: `}
          {problem.code === 'UnknownField' ? 'not a known field' : `must be ${problem.allowed}`} —{' '}
          {problem.hint}
        </p>
      ))}
    </div>
  );
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

function Control({ id, name, path, schema, value, problems, change }: FieldProps & { readonly id: string }) {
  const hint = defaultText(schema);
  const described = { id, 'aria-describedby': `${id}-notes` };
  switch (kindOf(schema)) {
    case 'number':
      return <NumberInput {...described} placeholder={hint} value={value} change={change} />;
    case 'flag':
      return (
        <select
          {...described}
          value={value === undefined ? '' : String(value)}
          onChange={(event) => change(flagOf(event.currentTarget.value))}
        >
          <option value="">{hint === '' ? 'left out' : `${hint} (default)`}</option>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      );
    case 'choice':
      return (
        <select
          {...described}
          value={String(value ?? '')}
          onChange={(event) => change(event.currentTarget.value || undefined)}
        >
          <option value="">{hint === '' ? 'left out' : `${hint} (default)`}</option>
          {schema.enum?.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      );
    case 'text':
      return (
        <input
          {...described}
          class="wide"
          spellcheck={false}
          placeholder={hint}
          value={value === undefined ? '' : String(value)}
          onInput={(event) => change(event.currentTarget.value || undefined)}
        />
      );
    case 'ways':
      return <Ways {...{ id, name, path, schema, value, problems, change }} />;
    case 'map':
      return value === undefined ? (
        <button id={id} type="button" onClick={() => change(beginning(schema))}>
          Set
        </button>
      ) : (
        <Inner path={path} schema={schema} value={mapOf(value)} problems={problems} change={change} />
      );
    case 'list':
      return <List {...{ id, name, path, schema, value, problems, change }} />;
    case 'names':
      return <Names id={id} value={mapOf(value)} change={change} />;
  }
}

function flagOf(text: string): boolean | undefined {
  return text === '' ? undefined : text === 'true';
}

function mapOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** A field that is given in one of several ways. */
function Ways({ id, path, schema, value, problems, change }: FieldProps & { readonly id: string }) {
  const ways = schema.anyOf ?? [];
  const at = wayOf(ways, value);
  const way = at === undefined ? undefined : ways[at];
  return (
    <div class="ways">
      <select
        id={id}
        value={at === undefined ? '' : String(at)}
        onChange={(event) => {
          const chosen = ways[Number(event.currentTarget.value)];
          change(event.currentTarget.value === '' || chosen === undefined ? undefined : beginning(chosen));
        }}
      >
        <option value="">none</option>
        {ways.map((one, index) => (
          <option key={wayName(one)} value={String(index)}>
            {wayName(one)}
          </option>
        ))}
      </select>
      {way && kindOf(way) === 'map' && (
        <Inner path={path} schema={way} value={mapOf(value)} problems={problems} change={change} />
      )}
      {way && kindOf(way) === 'list' && (
        <List
          id={`${id}-list`}
          name=""
          path={path}
          schema={way}
          value={value}
          problems={problems}
          change={change}
        />
      )}
    </div>
  );
}

interface InnerProps {
  readonly path: string;
  readonly schema: Schema;
  readonly value: Fields;
  readonly problems: readonly Problem[];
  change(value: unknown): void;
}

/** The fields of a map within the record. */
function Inner({ path, schema, value, change }: InnerProps) {
  return (
    <div class="inner">
      {Object.entries(schema.properties ?? {}).map(([name, field]) => (
        <div key={name} class="inner-field" title={notesOf(field).what}>
          <label for={`${path}.${name}`}>{field.title ?? name}</label>
          {kindOf(field) === 'choice' || kindOf(field) === 'flag' ? (
            <select
              id={`${path}.${name}`}
              value={String(value[name] ?? '')}
              onChange={(event) => {
                const { value: text } = event.currentTarget;
                change(withField(value, name, kindOf(field) === 'flag' ? flagOf(text) : text || undefined));
              }}
            >
              <option value="">{defaultText(field) || 'left out'}</option>
              {(field.enum ?? ['true', 'false']).map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          ) : kindOf(field) === 'number' ? (
            <NumberInput
              id={`${path}.${name}`}
              placeholder={defaultText(field)}
              value={value[name]}
              change={(next) => change(withField(value, name, next))}
            />
          ) : (
            <input
              id={`${path}.${name}`}
              class="short"
              placeholder={defaultText(field)}
              value={value[name] === undefined ? '' : String(value[name])}
              onInput={(event) => change(withField(value, name, event.currentTarget.value || undefined))}
            />
          )}
          {field['x-unit'] && <span class="unit">{field['x-unit']}</span>}
        </div>
      ))}
    </div>
  );
}

function List({ path, schema, value, problems, change }: FieldProps & { readonly id: string }) {
  const items = Array.isArray(value) ? value : [];
  const item = schema.items ?? {};
  return (
    <div class="list">
      {items.map((one, at) => (
        <div key={at} class="list-item">
          <Inner
            path={`${path}[${at}]`}
            schema={item}
            value={mapOf(one)}
            problems={problems}
            change={(next) => change(items.map((old, index) => (index === at ? next : old)))}
          />
          <button
            type="button"
            class="quiet"
            aria-label={`remove entry ${at + 1}`}
            onClick={() =>
              change(items.length === 1 ? undefined : items.filter((_one, index) => index !== at))
            }
          >
            remove
          </button>
        </div>
      ))}
      <button type="button" onClick={() => change([...items, beginning(item)])}>
        Add
      </button>
    </div>
  );
}
