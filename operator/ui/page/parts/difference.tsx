import type { FieldChange } from '../../../../core/config-record/changes.ts';
import { valueText } from './format.ts';

/** What a change takes away, and what it brings. */
export function Difference({ changes }: { readonly changes: readonly FieldChange[] }) {
  return (
    <ul class="difference">
      {changes.map(({ path, from, to, says }) => (
        <li key={path}>
          <code>{path}</code>
          {says !== undefined && <em>{says}</em>}
          {says === undefined && from !== undefined && <del>{valueText(from)}</del>}
          {says === undefined && (to === undefined ? <em>left out</em> : <ins>{valueText(to)}</ins>)}
        </li>
      ))}
    </ul>
  );
}
