interface Runtime {
  /** Of Lambda's name of it. */
  readonly named: RegExp;
  /** The file of a handler, without its ending. */
  readonly file: (handler: string) => string;
  readonly endings: readonly string[];
}

/**
 * As the runtimes' own clients read a handler, for instance
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client and
 * https://github.com/aws/aws-lambda-python-runtime-interface-client
 */
const RUNTIMES: readonly Runtime[] = [
  // Up to the first dot of the last part of the path: `src/index.tasks.handler` is in `src/index`.
  {
    named: /^nodejs/,
    file: (handler) => handler.replace(/^\.\//, '').replace(/[^/]*$/, (name) => name.replace(/\..*$/, '')),
    endings: ['.mjs', '.js', '.cjs'],
  },
  // A module and its packages: `tasks.main.handler` is in `tasks/main`.
  {
    named: /^python/,
    file: (handler) => handler.replace(/\.[^.]*$/, '').replaceAll('.', '/'),
    endings: ['.py', '/__init__.py'],
  },
  { named: /^ruby/, file: (handler) => handler.replace(/\..*$/, ''), endings: ['.rb'] },
];

/**
 * The files of a zip that may hold a handler.
 * @param handler as Lambda takes it, `file.export`
 * @param runtime Lambda's name of it
 * @returns any of them will do; undefined for a runtime whose files have no names that could be known
 */
export function handlerFiles(handler: string, runtime: string): readonly string[] | undefined {
  const known = RUNTIMES.find(({ named }) => named.test(runtime));
  return known?.endings.map((ending) => `${known.file(handler)}${ending}`);
}
