import type { Verdict } from '../../../../core/verdict/verdict.ts';
import type { PipelineRow } from '../../../views/pipelines.ts';
import { runningIn } from '../../../views/running.ts';
import { ATTENTIONS, type Attention, attentionOf } from './attention.ts';

export type Column =
  | 'pipeline'
  | 'verdict'
  | 'running'
  | 'depth'
  | 'rate'
  | 'oldest'
  | 'deadLetters'
  | 'release';

/** Which pipelines are listed, and in which order. */
export interface Listing {
  readonly search: string;
  readonly attention: Attention | 'all';
  readonly phase: string;
  readonly verdict: Verdict['kind'] | '';
  readonly by: Column;
  readonly isDown: boolean;
}

export const FIRST_LISTING: Listing = {
  search: '',
  attention: 'all',
  phase: '',
  verdict: '',
  by: 'verdict',
  isDown: false,
};

/** In columns of amounts the most comes first. */
const DOWN_FIRST: readonly Column[] = ['running', 'depth', 'rate', 'oldest', 'deadLetters'];

/** What a click on a column's head asks for. */
export function sortedBy(listing: Listing, by: Column): Listing {
  return { ...listing, by, isDown: listing.by === by ? !listing.isDown : DOWN_FIRST.includes(by) };
}

/** Rows that fit, in order; those that are equal by their ids, so that nothing jumps about. */
export function listed(rows: Iterable<PipelineRow>, listing: Listing): PipelineRow[] {
  const fits = matcher(listing.search);
  const chosen = [...rows].filter(
    (row) =>
      (listing.attention === 'all' || attentionOf(row) === listing.attention) &&
      (listing.phase === '' || row.phase === listing.phase) &&
      (listing.verdict === '' || row.verdict.kind === listing.verdict) &&
      fits(row),
  );
  const value = VALUES[listing.by];
  const sign = listing.isDown ? -1 : 1;
  return chosen.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return x === y ? (a.pipelineId < b.pipelineId ? -1 : 1) : x < y ? -sign : sign;
  });
}

/** Every word has to occur in the id or in the verdict; `*` stands for anything in an id. */
function matcher(search: string): (row: PipelineRow) => boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const tests = words.map((word) => {
    const glob = word.includes('*')
      ? new RegExp(
          `^${word
            .split('*')
            .map((part) => part.replace(/[^\w-]/g, '\\$&'))
            .join('.*')}$`,
        )
      : undefined;
    return (id: string, says: string) => glob?.test(id) ?? (id.includes(word) || says.includes(word));
  });
  return ({ pipelineId, says, phase }) =>
    tests.every((test) => test(pipelineId.toLowerCase(), `${phase} ${says}`.toLowerCase()));
}

const VALUES: Readonly<Record<Column, (row: PipelineRow) => number | string>> = {
  pipeline: (row) => row.pipelineId.toLowerCase(),
  verdict: (row) => ATTENTIONS.indexOf(attentionOf(row)),
  running: (row) => runningIn(row) ?? -1,
  depth: (row) => depthOf(row) ?? -1,
  rate: (row) => row.perSecond ?? -1,
  oldest: (row) => (row.oldest === undefined ? Number.NEGATIVE_INFINITY : -row.oldest.sinceMs),
  deadLetters: (row) => row.look?.deadLetters ?? -1,
  release: (row) => `${row.codeKey ?? ''} ${row.codeVersion ?? ''}`,
};

/** Tasks that it has before it. */
export function depthOf({ look }: Pick<PipelineRow, 'look'>): number | undefined {
  return look && look.waiting + look.running + look.delayed;
}
