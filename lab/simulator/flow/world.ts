import type { OutgoingMessage } from '../../../aws/ports.ts';
import { createRuntime } from '../../../consumer/runtime.ts';
import { BURST_ATTRIBUTES } from '../../../core/burst/attributes.ts';
import type { PartsId } from '../../../core/burst/place.ts';
import { parseConfigRecord, type Wanted } from '../../../core/config-record.ts';
import { CONSUMER_ENVIRONMENT } from '../../../core/consumer-code.ts';
import { readNote } from '../../../core/dead-letter.ts';
import { actionsFor } from '../../../core/flow/group-change.ts';
import type { GroupState } from '../../../core/flow/hold.ts';
import { type ConsumerLimits, limitsText } from '../../../core/flow/limits.ts';
import { clockSkewMs } from '../../../core/flow/pace.ts';
import {
  deadLetterQueueSpec,
  functionSpec,
  limitsOf,
  mappingSpec,
  queueSpec,
  reservedConcurrency,
  targetOf,
} from '../../../core/lifecycle/target.ts';
import { AWS_TIMINGS } from '../../../core/stage-settings.ts';
import { TICKETS_DRAWN_MS } from '../../../functions/hold-listener/listen.ts';
import { Chance } from '../chance.ts';
import { EndlessRun, VirtualClock } from '../clock.ts';
import { PLAIN_NATURE } from '../world/nature.ts';
import type { SimulatedQueue } from '../world/queue-state.ts';
import { SimulatedQueues } from '../world/queues.ts';
import { stageSettings } from '../world/stage-settings.ts';
import { Book, type Letter } from './book.ts';
import { Downstream } from './downstream.ts';
import { simulatedEffects } from './effects.ts';
import { ExecutionEnvironment } from './environment.ts';
import { Fleet } from './fleet.ts';
import { mapToFleet } from './mapping.ts';
import { NotesMemory, notesEffectsOf } from './notes-memory.ts';
import type { Patch, Scenario } from './scenario.ts';
import { effectsOf, type SharedEffects, SharedMemory } from './shared-memory.ts';
import { doTask, type TaskBody } from './tasks.ts';
import { type Fault, Wire } from './wire.ts';

const STAGE = 'sim';
/** Of a scenario whose tasks are those of a burst. */
export const PARTS_ID: PartsId = 'burst#1';
const CODE = { key: 'consumer.zip', version: '1' };
const MOST_EVENTS = 20_000_000;

/** What came of a scenario. */
export interface Outcome {
  readonly book: Book;
  readonly wanted: Wanted;
  readonly limits: ConsumerLimits;
  /** What the burst knows of its tasks. */
  readonly notes: NotesMemory;
  /** How far clocks were off at most, milliseconds. */
  readonly skewBoundMs: number;
}

/** Plays a scenario on the consumer runtime itself, with everything around it simulated. */
export async function play(scenario: Scenario, patch: Patch = {}): Promise<Outcome> {
  const { seed, conditions, api } = scenario;
  const clock = new VirtualClock();
  const chance = (label: string) => new Chance(seed, label);
  const wanted = wantedOf(scenario);
  const told = { wanted, ...(scenario.lease && { lease: true as const }) };
  const settings = stageSettings(STAGE).consumers;
  const limits = patch.limits?.(limitsOf(told)) ?? limitsOf(told);
  const variables = {
    ...functionSpec(told, settings).environment,
    [CONSUMER_ENVIRONMENT.limits]: limitsText(limits),
  };
  const skewBoundMs = skewBoundOf(wanted);

  const queues = new SimulatedQueues({
    clock,
    chance: chance('queues'),
    nature: { ...PLAIN_NATURE, duplicateMessages: conditions.duplicates },
  });
  const made = (spec: Parameters<SimulatedQueues['create']>[0]): SimulatedQueue => {
    queues.create(spec);
    return queues.byName.get(spec.name) as SimulatedQueue;
  };
  const deadLetters = made(deadLetterQueueSpec(wanted.pipelineId, STAGE));
  const queue = made(queueSpec(wanted, STAGE, deadLetters.arn));
  const { traffic } = queues;

  const book = new Book(clock.nowMs);
  const downstream = api && new Downstream(api, { clock, chance: chance('api'), book });
  const memory = new SharedMemory();
  const { endsHoldsAfterMs } = scenario;
  memory.onGroup = (state) => {
    book.groups.push({ atMs: clock.nowMs(), state });
    if (endsHoldsAfterMs !== undefined) endHold(state, endsHoldsAfterMs, { clock, memory, patch });
  };
  const shared = patched(memory, patch);
  const notes = new NotesMemory();
  notes.onDone = (index) => book.notedDone(index);
  notes.onEnded = () => book.notedEnd();
  const noteEffects = notesEffectsOf(notes);
  const wire = (label: string, trouble: typeof conditions.trouble, fault?: () => Fault | undefined) =>
    new Wire({ clock, chance: chance(label), wayMs: conditions.wayMs, trouble, ...(fault && { fault }) });
  const sharedWire = wire('shared', conditions.trouble);
  const queueWire = wire('queue', conditions.queueTrouble);
  const notesWire = wire('notes', conditions.noteTrouble ?? conditions.trouble, () =>
    faultAt(scenario, clock.nowMs() - book.beginMs),
  );
  const attempts = new Map<string, Set<number>>();
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id-${ids}`;
  };

  const fleet = new Fleet({
    clock,
    chance: chance('fleet'),
    conditions,
    book,
    timeoutSeconds: wanted.timeoutSeconds,
    most: reservedConcurrency(told) ?? Number.POSITIVE_INFINITY,
    make: (id) => {
      const environment = new ExecutionEnvironment(id, {
        clock,
        chance: chance(id),
        conditions,
        skewBoundMs,
      });
      const effects = simulatedEffects({
        environment,
        variables,
        book,
        queue,
        deadLetters,
        traffic,
        attempts,
        shared,
        sharedWire,
        queueWire,
        notes: { ...noteEffects, ...patch.notes?.(noteEffects) },
        notesWire,
        newId,
      });
      const handler = createRuntime<TaskBody>(
        (body, context) => doTask(body, context, { environment, book, downstream }),
        { ...effects, ...patch.effects?.(effects) },
      );
      return { environment, handler };
    },
  });
  const spec = mappingSpec(targetOf(wanted, CODE, true, settings), STAGE, queue.arn);
  mapToFleet({ clock, chance: chance('mapping'), conditions, spec, queue, traffic, fleet, book });

  book.beginMs = clock.nowMs();
  let toCome = scenario.arrivals.length;
  for (const { atMs, tasks } of scenario.arrivals) {
    clock.after(atMs, () => {
      toCome -= 1;
      for (const task of tasks) traffic.send(queue.url, [messageOf(task, scenario)]);
      book.sent += tasks.length;
    });
  }
  const endMs = clock.nowMs() + scenario.forMs;
  const isOver = () => {
    if (toCome > 0 || queue.messages.size > 0) return false;
    book.emptyAtMs ??= clock.nowMs();
    return fleet.running === 0;
  };
  try {
    await clock.run({ limitMs: endMs, stop: isOver, maxEvents: MOST_EVENTS });
  } catch (error) {
    // Its time is over: what is judged is how far it has come.
    if (!(error instanceof EndlessRun) || clock.events >= MOST_EVENTS) throw error;
  }
  book.endMs = isOver() ? clock.nowMs() : endMs;
  book.left = queue.messages.size;
  book.letters = lettersIn(deadLetters);
  book.sharedCalls = sharedWire.calls;
  return { book, wanted, limits, notes, skewBoundMs };
}

function faultAt({ notesFail }: Scenario, ms: number): Fault | undefined {
  return notesFail && ms >= notesFail.fromMs && ms < notesFail.untilMs ? notesFail.how : undefined;
}

function messageOf(body: TaskBody, { burst }: Scenario): OutgoingMessage {
  const message = { id: '1', body: JSON.stringify(body) };
  if (burst === undefined) return message;
  const number = (value: number) => ({ type: 'Number', value: String(value) });
  return {
    ...message,
    attributes: {
      [BURST_ATTRIBUTES.burstId]: { type: 'String', value: PARTS_ID },
      [BURST_ATTRIBUTES.index]: number(body.task),
      [BURST_ATTRIBUTES.total]: number(burst.total),
    },
  };
}

/** The holds table's stream, and the function that listens. */
const STREAM_MS = 800;

/** A person ends a hold by hand, as the operating manual says, and the hold-listener hears of it. */
function endHold(
  held: GroupState,
  afterMs: number,
  { clock, memory, patch }: { clock: VirtualClock; memory: SharedMemory; patch: Patch },
): void {
  if (held.hold === undefined) return;
  clock.after(afterMs, () => {
    const { state: before } = memory.readGroup();
    if (before.hold?.untilMs !== held.hold?.untilMs) return;
    memory.removeGroup();
    clock.after(STREAM_MS, () => {
      const change = { pipelineId: 'group', before, after: undefined, isExpiry: false };
      for (const action of actionsFor(change, AWS_TIMINGS, clock.nowMs())) {
        if (action.kind !== 'pull') continue;
        const pull = () => {
          if (patch.pull !== undefined) patch.pull(memory);
          else memory.pullTurns(action.endedMs, memory.readGroup().state.hold?.untilMs ?? 0);
        };
        pull();
        clock.after(TICKETS_DRAWN_MS, pull);
      }
    });
  });
}

/** Where no limit says how far clocks may be off: more than AWS's time service lets them be. */
const UNPACED_SKEW_MS = 100;

function skewBoundOf({ rateLimits }: Wanted): number {
  if (rateLimits.length === 0) return UNPACED_SKEW_MS;
  return Math.min(...rateLimits.map(({ perSeconds }) => clockSkewMs(perSeconds * 1000)));
}

function wantedOf({ record }: Scenario): Wanted {
  const parsed = parseConfigRecord({ pipelineId: 'group', ...record }, { stage: STAGE });
  if (parsed.kind === 'invalid') throw new Error(`no record: ${JSON.stringify(parsed.problems)}`);
  return parsed.wanted;
}

function patched(memory: SharedMemory, patch: Patch): SharedEffects {
  const whole = effectsOf(memory);
  return { ...whole, ...patch.shared?.(whole) };
}

function lettersIn(deadLetters: SimulatedQueue): readonly Letter[] {
  return [...deadLetters.messages.all()].map(({ body, attributes, arrivedAtMs }) => {
    const note = readNote(attributes.SluiceDeadLetter);
    const { task } = JSON.parse(body) as TaskBody;
    return { task, atMs: arrivedAtMs, reason: note?.reason, attempts: note?.attempts };
  });
}
