interface ChipsProps<T> {
  /** What is chosen by them; not shown. */
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly name: string; readonly says?: string }[];
  readonly chosen: T;
  choose(value: NoInfer<T>): void;
}

/** One of a few, and what it means. */
export function Chips<T extends string | number>({ legend, options, chosen, choose }: ChipsProps<T>) {
  const says = options.find(({ value }) => value === chosen)?.says;
  return (
    <fieldset class="chips">
      <legend class="unseen">{legend}</legend>
      {options.map(({ value, name }) => (
        <button
          key={value}
          type="button"
          class="chip"
          aria-pressed={value === chosen}
          onClick={() => choose(value)}
        >
          {name}
        </button>
      ))}
      {says !== undefined && <span class="muted">{says}</span>}
    </fieldset>
  );
}
