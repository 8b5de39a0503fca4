/** What the event source mapping of a stream understands: the first record from which to try again. */
export interface BatchResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** @param failed sequence numbers of what could not be handled, in any order */
export function tryAgainFrom(failed: readonly string[]): BatchResult {
  const [first] = [...failed].sort(compareNumbers);
  return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
}

/** Sequence numbers are decimal numbers of up to 40 digits. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
