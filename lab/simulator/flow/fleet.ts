import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ConsumerHandler } from '../../../consumer/runtime.ts';
import type { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { Book, CallNote } from './book.ts';
import type { Conditions } from './conditions.ts';
import type { ExecutionEnvironment } from './environment.ts';
import type { TaskBody } from './tasks.ts';

interface Member {
  readonly environment: ExecutionEnvironment;
  readonly handler: ConsumerHandler;
}

interface FleetParts {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly conditions: Conditions;
  readonly book: Book;
  readonly timeoutSeconds: number;
  /** Calls at once, where they are limited: reserved concurrency. */
  readonly most: number;
  readonly make: (id: string) => Member;
}

/** Lambda goes on with a warm environment for some minutes. */
const IDLE_MS = 420_000;
/** From a poller's call to the handler in a warm environment. */
const WARM_START_MS = [1, 4] as const;
/** Of those that are to die, so many do right as a task begins. */
const DIES_AT_START = 0.3;
/** A call that breaks down keeps its poller for a moment. */
const ERROR_MS = [50, 500] as const;

/** A function's execution environments: made when none is free, used again, gone at random. */
export class Fleet {
  readonly #parts: FleetParts;
  #warm: { readonly member: Member; readonly sinceMs: number }[] = [];
  #running = 0;
  #made = 0;
  /** Of running calls that are to die with the next start of a task in their environment. */
  readonly #doomed = new Map<string, () => void>();

  constructor(parts: FleetParts) {
    this.#parts = parts;
    parts.book.onStart = ({ environment }) => this.#doomed.get(environment)?.();
  }

  get running(): number {
    return this.#running;
  }

  /** @returns false where Lambda has no room. `over` is told the answer, or undefined where there is none. */
  invoke(event: SQSEvent, over: (answer: SQSBatchResponse | undefined) => void): boolean {
    if (this.#running >= this.#parts.most) return false;
    this.#running += 1;
    const { clock, chance, conditions } = this.#parts;
    const warm = this.#takeWarm();
    const member = warm ?? this.#make();
    const delayMs = chance.between(...(warm ? WARM_START_MS : conditions.coldStartMs));
    clock.after(delayMs, () => this.#run(member, event, over));
    return true;
  }

  #run(member: Member, event: SQSEvent, over: (answer: SQSBatchResponse | undefined) => void): void {
    const { clock, chance, conditions, book, timeoutSeconds } = this.#parts;
    const { environment, handler } = member;
    const startMs = clock.nowMs();
    const deadlineMs = startMs + timeoutSeconds * 1000;
    const note: CallNote = {
      environment: environment.id,
      startMs,
      endMs: deadlineMs,
      how: 'running',
      tasks: event.Records.map(({ body }) => (JSON.parse(body) as TaskBody).task),
    };
    book.calls.push(note);
    const finish = (how: CallNote['how'], answer?: SQSBatchResponse) => {
      if (note.how !== 'running') return;
      note.how = how;
      note.endMs = clock.nowMs();
      deadline.cancelled = true;
      this.#running -= 1;
      this.#doomed.delete(environment.id);
      if (how === 'answered' || how === 'failed') this.#rest(member);
      else environment.die();
      const errorMs = how === 'answered' ? 0 : chance.between(...ERROR_MS);
      // A killed call frees its slot at once.
      clock.after(how === 'killed' ? 0 : errorMs, () => over(answer));
    };
    const deadline = clock.at(deadlineMs, () => finish('timedOut'));
    if (chance.happens(conditions.kills)) this.#doom(environment, () => finish('killed'));
    environment.thaw();
    clock.willSettle();
    const invocation = {
      awsRequestId: `request-${book.calls.length}`,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - clock.nowMs()),
    };
    handler(event, invocation).then(
      (answer) => finish('answered', answer),
      () => finish('failed'),
    );
  }

  #doom(environment: ExecutionEnvironment, die: () => void): void {
    const { clock, chance, conditions } = this.#parts;
    if (!chance.happens(DIES_AT_START)) {
      clock.after(chance.between(...conditions.killMs), die);
      return;
    }
    this.#doomed.set(environment.id, () => {
      clock.after(chance.whole(0, 3), die);
    });
  }

  #rest(member: Member): void {
    const { clock, chance, conditions } = this.#parts;
    member.environment.freeze();
    if (chance.happens(conditions.recycles)) member.environment.die();
    else this.#warm.push({ member, sinceMs: clock.nowMs() });
  }

  #takeWarm(): Member | undefined {
    const freshMs = this.#parts.clock.nowMs() - IDLE_MS;
    this.#warm = this.#warm.filter(({ member, sinceMs }) => {
      if (sinceMs <= freshMs) member.environment.die();
      return sinceMs > freshMs;
    });
    if (this.#warm.length === 0) return undefined;
    const [taken] = this.#warm.splice(this.#parts.chance.whole(0, this.#warm.length - 1), 1);
    return taken?.member;
  }

  #make(): Member {
    this.#made += 1;
    return this.#parts.make(`e${this.#made}`);
  }
}
