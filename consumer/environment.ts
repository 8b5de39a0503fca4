import { type LookUpReferences, parseReference, type Reference } from '../core/references.ts';
import { UnresolvedReferenceError } from './errors.ts';

/** `process.env`, or what stands for it. */
export type Environment = Record<string, string | undefined>;

/**
 * Puts the values in the place of the references of an environment. Without any, nothing is looked up (and no SDK
 * loaded).
 * @throws {UnresolvedReferenceError} naming each variable and its reference, never a value; the environment
 *   is then left as it was
 */
export async function resolveEnvironment(
  environment: Environment,
  lookUp: LookUpReferences,
  signal: AbortSignal,
): Promise<void> {
  const wanted = referencesIn(environment);
  if (wanted.length === 0) return;
  const answers = await lookUp(
    wanted.map(({ reference }) => reference),
    signal,
  );
  const values: Record<string, string> = {};
  const failures: { variable: string; given: string; reason: string }[] = [];
  for (const [index, { variable, given }] of wanted.entries()) {
    const answer = answers[index] ?? { kind: 'failed', reason: 'it was not answered' };
    if (answer.kind === 'found') values[variable] = answer.value;
    else failures.push({ variable, given, reason: answer.reason });
  }
  if (failures.length > 0) throw new UnresolvedReferenceError(failures);
  Object.assign(environment, values);
}

interface Wanted {
  readonly variable: string;
  readonly given: string;
  readonly reference: Reference;
}

function referencesIn(environment: Environment): Wanted[] {
  return Object.entries(environment).flatMap(([variable, given = '']) => {
    const reference = parseReference(given);
    return reference === undefined ? [] : [{ variable, given, reference }];
  });
}
