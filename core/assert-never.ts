/** Closes a switch over a discriminated union: a new kind that nobody handles fails the type check. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
