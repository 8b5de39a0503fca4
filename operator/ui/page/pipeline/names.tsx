import { useState } from 'preact/hooks';
import { MASKED } from '../../../views/pipelines.ts';
import type { Fields } from './schema.ts';

interface NamesProps {
  readonly id: string;
  readonly value: Fields;
  change(value: unknown): void;
}

/** Names and their values, as the environment is. A value that is masked is replaced as a whole, or not at all. */
export function Names({ id, value, change }: NamesProps) {
  const [replaced, setReplaced] = useState<readonly string[]>([]);
  const entries = Object.entries(value);
  const write = (next: readonly (readonly [string, unknown])[]) =>
    change(next.length === 0 ? undefined : Object.fromEntries(next));
  const put = (at: number, name: string, one: unknown) =>
    write(entries.map((entry, index) => (index === at ? [name, one] : entry)));
  return (
    <div class="names">
      {entries.map(([name, one], at) => (
        <div key={at} class="name">
          <input
            aria-label="Name"
            spellcheck={false}
            value={name}
            onInput={(event) => {
              const typed = event.currentTarget.value;
              if (!(typed in value)) put(at, typed, one);
            }}
          />
          <input
            aria-label={`Value of ${name}`}
            spellcheck={false}
            readOnly={one === MASKED}
            value={String(one)}
            onInput={(event) => put(at, name, event.currentTarget.value)}
          />
          {one === MASKED ? (
            <button
              type="button"
              class="quiet"
              aria-label={`replace the value of ${name}`}
              onClick={(event) => {
                setReplaced([...replaced, name]);
                put(at, name, '');
                event.currentTarget.parentElement?.querySelectorAll('input')[1]?.focus();
              }}
            >
              replace
            </button>
          ) : (
            replaced.includes(name) && (
              <button
                type="button"
                class="quiet"
                aria-label={`keep the value of ${name}`}
                onClick={() => put(at, name, MASKED)}
              >
                keep
              </button>
            )
          )}
          <button
            type="button"
            class="quiet"
            aria-label={`remove ${name}`}
            onClick={() => write(entries.filter((_entry, index) => index !== at))}
          >
            remove
          </button>
        </div>
      ))}
      <button id={id} type="button" disabled={'' in value} onClick={() => write([...entries, ['', '']])}>
        Add a variable
      </button>
    </div>
  );
}
