import type { TaskContext } from '../../../consumer/task.ts';
import { DeadLetter, Drop, RetryLater } from '../../../consumer/thrown.ts';
import type { Book, Start } from './book.ts';
import type { Downstream } from './downstream.ts';
import type { ExecutionEnvironment } from './environment.ts';

/** The body of a simulated task: which one it is, and what its handler does. */
export interface TaskBody {
  readonly task: number;
  /** How long the handler takes, milliseconds. */
  readonly ms: number;
  /** It throws at so many first attempts, … */
  readonly throws?: number;
  /** … or asks for later so often, these seconds each time, … */
  readonly later?: { readonly times: number; readonly seconds: number };
  /** … or ends for good. */
  readonly ends?: 'drop' | 'deadLetter';
  /** It asks the API, and hands on what that refuses. */
  readonly asks?: true;
  /** It does not look at its signal. */
  readonly isDeaf?: true;
  /** Tasks of one key are one task. */
  readonly key?: string;
}

/** The user's code of simulated consumers. */
export async function doTask(
  body: TaskBody,
  context: TaskContext,
  parts: {
    readonly environment: ExecutionEnvironment;
    readonly book: Book;
    readonly downstream: Downstream | undefined;
  },
): Promise<void> {
  const { environment, book, downstream } = parts;
  const start = book.start(body.task, context.messageId, context.attempt, environment);
  const end = (how: NonNullable<Start['end']>['how']) => book.end(start, how);
  if (body.ms > 0) {
    const isInTime = await work(body, context, environment);
    if (!isInTime) {
      end('aborted');
      throw context.signal.reason;
    }
  }
  if (body.asks && downstream !== undefined) {
    const refusal = downstream.ask(environment);
    if (refusal !== undefined) {
      end(refusal.isThrottling ? 'refused' : 'threw');
      throw refusal.error;
    }
  }
  const starts = book.startsOf(body.task).length;
  if (starts <= (body.throws ?? 0)) {
    end('threw');
    throw new Error(`start ${starts} of task ${body.task}`);
  }
  if (body.later !== undefined && starts <= body.later.times) {
    end('later');
    throw new RetryLater({ seconds: body.later.seconds });
  }
  end(body.ends ?? 'returned');
  if (body.ends === 'drop') throw new Drop('nothing to do');
  if (body.ends === 'deadLetter') throw new DeadLetter('no attempt can succeed');
}

/** @returns false once the signal has aborted, if it is looked at */
function work(body: TaskBody, { signal }: TaskContext, environment: ExecutionEnvironment): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = environment.after(body.ms, () => resolve(true));
    if (body.isDeaf) return;
    const stop = () => {
      cancel();
      resolve(false);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}
