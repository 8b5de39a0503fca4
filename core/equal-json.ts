/** Whether two values are equal as JSON, whatever the order of their keys; a key that is undefined counts as absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  return a === b || sortedJson(a) === sortedJson(b);
}

/** The same text for equal JSON. @param value a bigint or a cycle throws a TypeError */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, sortedKeys) ?? 'undefined';
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
