/** The part of JSONPath that the state machines use: `$`, `$.a.b`, and `$$.…` for the context. */
export function readPath(path: string, input: unknown, context: unknown): unknown {
  const [root, ...keys] = path.split('.');
  if (root !== '$' && root !== '$$') throw new Error(`this path is not understood: ${path}`);
  let value: unknown = root === '$$' ? context : input;
  for (const key of keys) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Puts a value at a path, in a copy. */
export function writePath(path: string, input: unknown, value: unknown): unknown {
  const [, ...keys] = path.split('.');
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const map = input !== null && typeof input === 'object' ? (input as Record<string, unknown>) : {};
  return { ...map, [key]: writePath(['$', ...rest].join('.'), map[key], value) };
}

/** Fills in a Parameters template: `"name.$": "$.path"`. */
export function fillTemplate(template: unknown, input: unknown, context: unknown): unknown {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, input, context));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$')
        ? [key.slice(0, -2), readPath(String(value), input, context)]
        : [key, fillTemplate(value, input, context)],
    ),
  );
}
