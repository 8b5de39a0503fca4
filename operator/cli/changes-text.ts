import type { FieldChange } from '../views/pipelines.ts';
import { oneLine } from './table.ts';
import type { Paint } from './terminal.ts';

/** What changes in a record, a line for each field: `+` comes, `-` goes, `~` changes. */
export function changeLines(changes: readonly FieldChange[], paint: Paint): readonly string[] {
  return changes.map(({ path, from, to }) => {
    const name = oneLine(path);
    if (from === undefined) return paint('green', `  + ${name}: ${valueText(to)}`);
    if (to === undefined) return paint('red', `  - ${name}: ${valueText(from)}`);
    const [before, after] = [valueText(from), valueText(to)];
    // Two masks look the same.
    return paint('yellow', before === after ? `  ~ ${name}: changed` : `  ~ ${name}: ${before} → ${after}`);
  });
}

export function valueText(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
