import { useState } from 'preact/hooks';
import { numberText, typedNumber } from './schema.ts';

interface NumberInputProps {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly value: unknown;
  readonly placeholder: string;
  change(value: unknown): void;
}

/** A number; what is typed stays as it was typed, also where it is half a number yet. */
export function NumberInput({ value, change, ...more }: NumberInputProps) {
  const [text, setText] = useState('');
  return (
    <input
      {...more}
      inputMode="decimal"
      class="short"
      value={numberText(text, value)}
      onInput={(event) => {
        const { value: typed } = event.currentTarget;
        setText(typed);
        change(typedNumber(typed));
      }}
    />
  );
}
