/** The code of the error where a burst's source object is not the same any more, or is gone. */
export const SOURCE_CHANGED = 'SourceChanged';

/**
 * The key of an object in which Sluice keeps a burst's tasks: the same tasks under the same key, however often, and
 * others never in their place.
 * @param digest of its content, hexadecimal
 */
export function ownObjectKey(burstId: string, digest: string): string {
  return `bursts/${encodeURIComponent(burstId)}/${digest}.jsonl`;
}
