/** Values of a record's `environment` that are kept elsewhere and looked up when a consumer starts. */

/** A reference: a parameter of SSM by its path, or a secret by its name or ARN. */
export type Reference =
  | { readonly kind: 'parameter'; readonly path: string }
  | { readonly kind: 'secret'; readonly id: string };

/**
 * Reads `ssm:/path/to/parameter` and `secret:name`.
 * @returns undefined for a plain value
 */
export function parseReference(value: string): Reference | undefined {
  if (value.startsWith('ssm:/')) return { kind: 'parameter', path: value.slice('ssm:'.length) };
  if (value.startsWith('secret:') && value.length > 'secret:'.length) {
    return { kind: 'secret', id: value.slice('secret:'.length) };
  }
  return undefined;
}

/** What stands where a reference points to, or why there is no value. Never put a value into a log or an error. */
export type LookedUp =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Looks references up and answers each at its place; gives up when the signal aborts. */
export type LookUpReferences = (
  references: readonly Reference[],
  signal: AbortSignal,
) => Promise<readonly LookedUp[]>;
