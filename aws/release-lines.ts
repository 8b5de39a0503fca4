import { EMPTY_LINE, type ReleaseLine, releaseFact, releaseLineSchema } from '../core/release/line.ts';
import type { Ledgers } from './ports.ts';

/** Which release of a code key goes to whom; an empty line where none has been admitted yet. */
export async function readLine(
  codeKey: string,
  { ledgers }: { readonly ledgers: Ledgers },
): Promise<{ readonly line: ReleaseLine; readonly revision: number }> {
  const fact = await ledgers.read(releaseFact(codeKey));
  if (fact === undefined) return { line: EMPTY_LINE, revision: 0 };
  return { line: releaseLineSchema.parse(fact.value), revision: fact.revision };
}

/**
 * Changes a line, also where others change it at the same time.
 * @param change undefined: it is not to be changed any more
 * @returns the line as it is then; undefined where the change no longer applies
 */
export async function changeLine(
  codeKey: string,
  ports: { readonly ledgers: Ledgers },
  change: (line: ReleaseLine) => ReleaseLine | undefined,
): Promise<ReleaseLine | undefined> {
  for (;;) {
    const { line, revision } = await readLine(codeKey, ports);
    const next = change(line);
    if (next === undefined || next === line) return next;
    if ((await ports.ledgers.write(releaseFact(codeKey), next, revision)) === 'written') return next;
  }
}
