/**
 * The known field that a mistyped one most likely means: `timeout` → `timeoutSeconds`, `concurency` →
 * `concurrency`, `memory_mb` → `memoryMb`.
 * @returns undefined where nothing is near
 */
export function nearestField(given: string, known: readonly string[]): string | undefined {
  // Only the start of a very long name can matter, and the distance costs its square.
  const name = plainName(given.slice(0, 64));
  let nearest: string | undefined;
  let least = Math.max(2, Math.ceil(name.length / 3)) + 1;
  for (const field of known) {
    const distance = fieldDistance(name, plainName(field));
    if (distance < least) [nearest, least] = [field, distance];
  }
  return nearest;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Typing slips, where a name left unfinished is nearer than one with a slip. */
function fieldDistance(name: string, field: string): number {
  if (name === field) return 0;
  if (name.length >= 3 && field.startsWith(name)) return 0.25;
  if (name.length >= 4 && (field.includes(name) || name.includes(field))) return 0.5;
  return editDistance(name, field);
}

/**
 * Least number of letters added, removed, changed or swapped with their neighbour (optimal string alignment).
 * @see https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      const costs = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + change];
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        costs.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...costs));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
