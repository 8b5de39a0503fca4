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

/** The variables of an environment whose values are references, in order of name. */
export function referenceNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(environment)
    .filter((name) => parseReference(environment[name] ?? '') !== undefined)
    .sort();
}
