import fc from 'fast-check';
import { Execution, type Model, STEP_MS } from './lease-model.ts';

type Move =
  | { readonly kind: 'edit' }
  | { readonly kind: 'invoke' | 'repeat' | 'crash' | 'move'; readonly at: number }
  | { readonly kind: 'wait'; readonly ms: number };

const at = fc.nat(30);
/** Stories of what happens to a pipeline's executions. */
export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<Move>({ kind: 'edit' }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('invoke' as const), at }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), at }) },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant('move' as const), at }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(STEP_MS + 10) }) },
  ),
  { minLength: 40, maxLength: 300, size: 'max' },
);

export function step(model: Model, move: Move): void {
  const { executions } = model;
  const open = executions.filter(({ state }) => state !== 'done');
  const pick = <T>(list: readonly T[], index: number): T | undefined =>
    list[index % Math.max(1, list.length)];
  switch (move.kind) {
    case 'edit':
      model.record += 1;
      executions.push(new Execution(model, `run-${model.record}`));
      return;
    case 'invoke':
      pick(open, move.at)?.invoke(false);
      return;
    case 'repeat':
      pick(open, move.at)?.invoke(true);
      return;
    case 'crash': {
      const attempt = pick(open, move.at)?.listensTo;
      if (attempt) attempt.stage = 'over';
      return;
    }
    case 'move':
      pick(
        executions.flatMap(({ attempts }) => attempts).filter(({ stage }) => stage !== 'over'),
        move.at,
      )?.move();
      return;
    case 'wait':
      model.nowMs += move.ms;
      return;
  }
}

/** Nothing goes wrong any more: every execution is carried to its end. */
export function finish(model: Model): void {
  for (let round = 0; round < 2_000; round += 1) {
    const open = model.executions.filter(({ state }) => state !== 'done');
    if (open.length === 0) {
      const { lease } = model.status;
      if (lease === undefined) return;
      // A straggling attempt took the lease for an execution that was over: the reconciler finds such a writer.
      model.nowMs = Math.max(model.nowMs, lease.untilMs + 1);
      model.executions.push(new Execution(model, `reconciler-${round}`));
      continue;
    }
    for (const execution of open) {
      // A machine repeats an attempt that does not answer, once its function must be over.
      const silent =
        execution.listensTo &&
        (execution.listensTo.stage === 'over' || execution.listensTo.busyUntilMs <= model.nowMs);
      execution.invoke(silent === true);
      for (let n = 0; n < 8; n += 1) execution.listensTo?.move();
    }
    model.nowMs += 10;
  }
  throw new Error('an execution never ends');
}
