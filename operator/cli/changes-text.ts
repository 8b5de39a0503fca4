import type { FieldChange } from '../../core/config-record/changes.ts';
import { oneLine } from './table.ts';
import type { Paint } from './terminal.ts';

/** What changes in a record, a line for each field: `+` comes, `-` goes, `~` changes. */
export function changeLines(changes: readonly FieldChange[], paint: Paint): readonly string[] {
  return changes.map(({ path, from, to, says }) => {
    const name = oneLine(path);
    if (says === 'added' || (says === undefined && from === undefined))
      return paint('green', `  + ${name}${to === undefined ? '' : `: ${valueText(to)}`}`);
    if (says === 'removed' || (says === undefined && to === undefined))
      return paint('red', `  - ${name}${from === undefined ? '' : `: ${valueText(from)}`}`);
    if (says === 'changed') return paint('yellow', `  ~ ${name}: changed`);
    return paint('yellow', `  ~ ${name}: ${valueText(from)} → ${valueText(to)}`);
  });
}

export function valueText(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
