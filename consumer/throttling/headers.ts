/** A property of what others have made: it may have whatever getters, or be a proxy, and never throws here. */
export function read(of: unknown, key: PropertyKey): unknown {
  try {
    return typeof of === 'object' && of !== null ? Reflect.get(of, key) : undefined;
  } catch {
    return undefined;
  }
}

/** What a look-alike of `Headers` is asked for if its headers cannot be listed. */
const ASKED = [
  'date',
  'retry-after-ms',
  'retry-after',
  'ratelimit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
];

/** A list of headers that is longer than any server's belongs to something else. */
const MAX_HEADERS = 1_000;

/**
 * A response's headers by their names in lower case, several of one name joined by ", " as `Headers` does it.
 * @param sources where they may be, the first that has any counts: `Headers` (fetch, openai), `AxiosHeaders`, a `Map`,
 *   a plain object of texts, numbers or lists of texts (got, undici, AWS SDK, Octokit), a list [name, value, name, …]
 *   or [[name, value], …], or anything else with `get(name)`
 */
export function headersOf(...sources: readonly unknown[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const source of sources) {
    if (headers.size > 0) break;
    try {
      collect(source, (name, value) => {
        const text = textOf(value);
        if (typeof name !== 'string' || text === undefined) return;
        const key = name.toLowerCase();
        const before = headers.get(key);
        headers.set(key, before === undefined ? text : `${before}, ${text}`);
      });
    } catch {
      // What was read until then counts.
    }
  }
  return headers;
}

function collect(source: unknown, add: (name: unknown, value: unknown) => void): void {
  if (typeof source !== 'object' || source === null) return;
  if (Array.isArray(source) && typeof source[0] === 'string') {
    for (let at = 0; at < source.length; at += 2) add(source[at], source[at + 1]);
  } else if (typeof read(source, Symbol.iterator) === 'function') {
    let left = MAX_HEADERS;
    for (const pair of source as Iterable<unknown>) {
      add(read(pair, 0), read(pair, 1));
      left -= 1;
      if (left === 0) break;
    }
  } else {
    const names = Object.keys(source);
    const get = read(source, 'get');
    for (const name of names) add(name, read(source, name));
    if (typeof get === 'function') for (const name of ASKED) add(name, get.call(source, name));
  }
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
}
