import type { History, Write } from '../history.ts';
import type { CallRecord } from '../world/calls.ts';

interface Writer {
  readonly name: string;
  fromMs: number;
  untilMs: number;
}

/**
 * Two executions never change one pipeline's resources at the same time, nor do two attempts of a step: what
 * each of them changes lies in a span of time of its own, from the start of its first change to the effect of
 * its last.
 */
export function oneWriter({ calls, names, writes }: History): readonly string[] {
  return names.flatMap((pipelineId) => {
    const changes = calls.filter(
      (call) => call.mutates && call.pipelineId === pipelineId && call.effectMs !== undefined,
    );
    const executions = overlaps(spans(changes, ({ caller }) => caller.owner));
    const attempts = overlaps(spans(changes, ({ caller }) => `${caller.owner}/${caller.label}#${caller.id}`));
    return [...executions, ...attempts, ...unheard(writes, pipelineId)].map(
      (what) => `${pipelineId}: ${what}`,
    );
  });
}

/** Whoever settles never frees the lease over a word that was left: only who reads the record anew may. */
function unheard(writes: readonly Write[], pipelineId: string): string[] {
  const own = writes.filter(({ record }) => record.pipelineId === pipelineId);
  return own.flatMap(({ record, by }, index) => {
    const before = own[index - 1]?.record;
    const overlooked = before?.lease?.pending && record.lease === undefined && by === 'Settle';
    return overlooked ? [`${before.lease?.owner} frees the lease and overlooks the word that was left`] : [];
  });
}

function spans(changes: readonly CallRecord[], nameOf: (call: CallRecord) => string): Writer[] {
  const writers = new Map<string, Writer>();
  for (const call of changes) {
    const name = nameOf(call);
    const endMs = call.effectMs ?? call.startMs;
    const writer = writers.get(name);
    if (writer === undefined) writers.set(name, { name, fromMs: call.startMs, untilMs: endMs });
    else {
      writer.fromMs = Math.min(writer.fromMs, call.startMs);
      writer.untilMs = Math.max(writer.untilMs, endMs);
    }
  }
  return [...writers.values()].sort((a, b) => a.fromMs - b.fromMs);
}

function overlaps(writers: readonly Writer[]): string[] {
  return writers.flatMap((writer, index) => {
    const before = writers.slice(0, index).find((other) => other.untilMs > writer.fromMs);
    return before === undefined ? [] : [`${before.name} and ${writer.name} change it at the same time`];
  });
}
