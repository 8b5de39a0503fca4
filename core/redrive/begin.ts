import type { Wish } from './match.ts';
import { handOver, isForsaken, newRedrive, type RedriveRecord } from './record.ts';

/** What somebody asks for. */
export interface Asked {
  readonly pipelineId: string;
  readonly wish: Wish;
  /** The caller's own name for it. */
  readonly redriveId?: string | undefined;
}

/** What asking for a redrive comes to. */
export type Beginning =
  /** A new one, or one that nobody drove any more: to be written, and then driven. */
  | { readonly kind: 'write'; readonly next: RedriveRecord; readonly message: string }
  /** It is under way: whoever asked first may have crashed before its execution began. */
  | { readonly kind: 'begun'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

/** One redrive of a pipeline at a time. */
export function decideBeginning(asked: Asked, before: RedriveRecord | undefined, nowMs: number): Beginning {
  const { pipelineId, wish, redriveId } = asked;
  if (before?.state === 'Running') {
    const isDriven = !isForsaken(before, nowMs);
    if (isSame(before, asked)) {
      if (isDriven) return { kind: 'begun', message: 'it is under way already' };
      const message = 'its execution had ended: another goes on where it stopped';
      return { kind: 'write', next: handOver(before, nowMs), message };
    }
    if (isDriven) return { kind: 'refused', message: beside(before) };
  } else if (before !== undefined && before.redriveId === redriveId) {
    return { kind: 'begun', message: `it is ${before.state} already` };
  }
  return { kind: 'write', next: newRedrive(pipelineId, redriveId, wish, nowMs), message: 'it begins' };
}

function beside(other: RedriveRecord): string {
  const { pipelineId } = other;
  return `pipeline ${pipelineId} has a redrive under way, ${wishText(other)} — wait until it is over, or stop it first with {"pipelineId": "${pipelineId}", "stop": true}`;
}

/** Without an id of its own, the same is whatever wants the same. */
function isSame(record: RedriveRecord, { wish, redriveId = record.redriveId }: Asked): boolean {
  const { reason, first, maxRedrives } = wish;
  const wantsTheSame =
    record.reason === reason && record.first === first && record.maxRedrives === maxRedrives;
  return wantsTheSame && record.redriveId === redriveId;
}

/** What is wanted, for people. */
function wishText({ reason, first, maxRedrives }: Wish): string {
  const count = first === undefined ? 'all' : `the first ${first}`;
  const of = reason === undefined ? '' : ` of reason ${JSON.stringify(reason)}`;
  return `${count}${of}, maxRedrives ${maxRedrives}`;
}
