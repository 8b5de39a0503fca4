import { burstTaskOf } from '../../core/burst/letter.ts';
import { burstIdOf } from '../../core/burst/place.ts';
import { pipelineNames } from '../../core/names.ts';
import type { Chance } from '../../lab/simulator/chance.ts';
import { STAGE, type World } from '../../lab/simulator/world/world.ts';

/** What may become of one receive of a task, and what its consumer says of it. */
export const DEEDS = [
  'done',
  'failed',
  /** It dies as soon as it has begun. */
  'dies',
  /** It dies once it has noted the end, and before it deletes the message. */
  'diesDone',
  /** It can note nothing, and does the task all the same. */
  'mute',
  /** It makes it a dead letter, and notes that. */
  'buries',
  /** The same, and cannot note it. */
  'buriesMute',
] as const;
export type Deed = (typeof DEEDS)[number];

/** These, and as many tasks again and one more that are done. */
export function withDone(deeds: readonly Deed[]): readonly Deed[] {
  return ['done', ...deeds.map((): Deed => 'done'), ...deeds];
}

/** Consumers of pipeline `p`: some receives a second, whatever the deeds say. */
export interface Consumers {
  /** Tasks whose end was noted as done, by burst: when that was first so, epoch milliseconds, by their index. */
  readonly notedDone: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

const TASK_MS = 1_500;
const HIDDEN_SECONDS = 40;

/** @param untilMs from then on nobody works any more, epoch milliseconds */
export function runConsumers(
  world: World,
  deeds: readonly Deed[],
  untilMs: number,
  chance: Chance,
): Consumers {
  const names = pipelineNames(STAGE, 'p');
  const url = world.queues.find(names.queue) ?? '';
  const deadLetterUrl = world.queues.find(names.deadLetterQueue) ?? '';
  const notedDone = new Map<string, Map<number, number>>();
  const { clock, queues, bursts } = world;

  const work = (message: ReturnType<typeof queues.receive>[number]) => {
    const task = burstTaskOf(message.attributes);
    if (task === undefined) return;
    const total = Number(message.attributes['sluice-total']?.value);
    const place = { ...task, total };
    const startedAtMs = clock.nowMs();
    const drawn = deeds[chance.whole(0, deeds.length - 1)] ?? 'done';
    // A pipeline that is torn down lets nobody send.
    const deed = drawn.startsWith('buries') && world.configs.read('p') === undefined ? 'failed' : drawn;
    const isMute = deed === 'mute' || deed === 'buriesMute';
    // A fraction tells one run from another.
    const runUntilMs = startedAtMs + HIDDEN_SECONDS * 1000 + chance.next();
    if (!isMute) {
      const begun = bursts.begin(place, runUntilMs, startedAtMs);
      if (begun.kind === 'done') return void queues.deleteMessages(url, [message.receipt]);
      if (begun.kind === 'running') return;
    }
    if (deed === 'dies') return;
    clock.after(TASK_MS, () => {
      if (queues.find(names.queue) === undefined || queues.find(names.deadLetterQueue) === undefined) return;
      const ran = { startedAtMs, endedAtMs: clock.nowMs() };
      const isBuried = deed === 'buries' || deed === 'buriesMute';
      if (isBuried)
        queues.send(deadLetterUrl, [{ id: '0', body: message.body, attributes: message.attributes }]);
      const how = isBuried ? 'dead' : deed === 'failed' ? 'failed' : 'done';
      if (!isMute) bursts.end(place, runUntilMs, { kind: how }, ran);
      if (how === 'done' && !isMute) {
        const burstId = burstIdOf(task.partsId);
        const known = notedDone.get(burstId) ?? new Map<number, number>();
        if (!known.has(task.index)) known.set(task.index, clock.nowMs());
        notedDone.set(burstId, known);
      }
      if (deed !== 'failed' && deed !== 'diesDone') queues.deleteMessages(url, [message.receipt]);
    });
  };

  const poll = () => {
    // With its pipeline a consumer is gone, too.
    if (clock.nowMs() >= untilMs || queues.find(names.queue) === undefined) return;
    for (const message of queues.receive(url, HIDDEN_SECONDS)) work(message);
    clock.after(1_000, poll);
  };
  clock.after(0, poll);
  return { notedDone };
}
