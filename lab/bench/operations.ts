import type { Phase } from '../../core/status-record.ts';

/** Fields of a config record that an operation sets; the others stay. */
export type Fields = Readonly<Record<string, unknown>>;

/** One thing that a person does to a pipeline, and what it may cost in Lambda's control plane. */
export interface Operation {
  readonly name: string;
  readonly deed:
    | { readonly kind: 'put'; readonly fields: Fields }
    | { readonly kind: 'release' }
    | { readonly kind: 'delete' };
  /** Where the pipeline stands once it is done. */
  readonly phase: Phase;
  /** Fewest calls that can do it: one for each resource that has to change. */
  readonly least: number;
  /** Most calls that it may take; absent where what came before it decides. */
  readonly goal?: number;
  /** How often it has to wait for a mapping. */
  readonly waits: number;
  /** Right after the operation before it, while AWS is not done with that. */
  readonly atOnce?: true;
}

const put = (fields: Fields): Operation['deed'] => ({ kind: 'put', fields });

/** In their order: each begins where the one before it ended. */
export const OPERATIONS: readonly Operation[] = [
  change('create', { concurrency: 2 }, 2, 2, 1),
  change('update, `concurrency` only', { concurrency: 5 }, 1, 2, 1),
  change('update, `timeoutSeconds` only', { timeoutSeconds: 40 }, 1, 2, 0),
  change('update, both', { concurrency: 3, timeoutSeconds: 20 }, 2, 2, 1),
  { name: 'code-sync', deed: { kind: 'release' }, phase: 'Active', least: 1, goal: 1, waits: 0 },
  change('update, `concurrency` to 1', { concurrency: 1 }, 2, 3, 1),
  change('update, `concurrency` from 1', { concurrency: 5 }, 2, 3, 1),
  change('update, `concurrency` to 1 and `timeoutSeconds`', { concurrency: 1, timeoutSeconds: 30 }, 3, 3, 1),
  { name: 'pause', deed: put({ paused: true }), phase: 'Paused', least: 1, goal: 1, waits: 1 },
  change('resume', { paused: false }, 1, 1, 1),
  { name: 'teardown', deed: { kind: 'delete' }, phase: 'Deleted', least: 2, goal: 3, waits: 1 },
  change('create, `concurrency: 1`', { concurrency: 1, timeoutSeconds: 30 }, 3, 3, 1),
  {
    name: 'teardown, `concurrency: 1`',
    deed: { kind: 'delete' },
    phase: 'Deleted',
    least: 2,
    goal: 3,
    waits: 1,
  },
  {
    name: 'create again at once',
    deed: put({ concurrency: 2 }),
    phase: 'Active',
    least: 2,
    waits: 1,
    atOnce: true,
  },
];

function change(name: string, fields: Fields, least: number, goal: number, waits: number): Operation {
  return { name, deed: put(fields), phase: 'Active', least, goal, waits };
}

/** What one operation cost one pipeline, in calls of Lambda's control-plane bucket. */
export interface Cost {
  readonly changes: number;
  readonly mappingPolls: number;
}
