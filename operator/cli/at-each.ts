import pLimit from 'p-limit';
import type { PipelineDesk } from '../views/desk.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { faultOf } from './fault.ts';
import type { Terminal } from './terminal.ts';

const AT_ONCE = 8;

/** What came of a deed at one pipeline. */
export type Each<T> =
  | { readonly pipelineId: string; readonly kind: 'done'; readonly value: T }
  | { readonly pipelineId: string; readonly kind: 'failed'; readonly error: unknown };

export type Failed = Each<never> & { readonly kind: 'failed' };

/** Does it at each, some at a time, and waits for all of them whatever becomes of one. */
export function atEach<T>(
  ids: readonly string[],
  deed: (pipelineId: string) => Promise<T>,
): Promise<readonly Each<T>[]> {
  const limit = pLimit(AT_ONCE);
  return Promise.all(
    ids.map((pipelineId) =>
      limit(
        async (): Promise<Each<T>> =>
          deed(pipelineId).then(
            (value) => ({ pipelineId, kind: 'done', value }),
            (error: unknown) => ({ pipelineId, kind: 'failed', error }),
          ),
      ),
    ),
  );
}

/**
 * Says what was not done, and why.
 * @throws what was thrown, where it was about one pipeline only
 */
export function tellFailed(all: readonly Each<unknown>[], terminal: Pick<Terminal, 'say'>): ExitCode {
  const failed = all.filter((one) => one.kind === 'failed');
  const [only] = failed;
  if (all.length === 1 && only !== undefined) throw only.error;
  for (const { pipelineId, error } of failed) {
    terminal.say(`${pipelineId}: not done: ${faultOf(error).message}`);
  }
  return failed.length === 0 ? EXIT.well : EXIT.notWell;
}

/** What programs are told of it. */
export function faultJson({ pipelineId, error }: Failed) {
  return { pipelineId, error: faultOf(error).message };
}

/** Whether its record is deleted and it is being taken down. */
export async function isLeaving(pipelineId: string, desk: Pick<PipelineDesk, 'show'>): Promise<boolean> {
  try {
    return (await desk.show(pipelineId)).row.isLeaving === true;
  } catch {
    return false;
  }
}
