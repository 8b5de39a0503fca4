import type { PipelineDesk } from '../views/desk.ts';
import type { PipelineRow } from '../views/pipelines.ts';
import { CommandFault, EXIT } from './exit-codes.ts';
import { isGlob, matcherOf } from './globs.ts';

type Overviews = Pick<PipelineDesk, 'overview'>;

/** Pipelines whose records somebody wants to change. */
export interface Chosen {
  readonly ids: readonly string[];
  /** Fit a pattern, and have no record any more: they drain. */
  readonly leaving: readonly string[];
}

/**
 * The pipelines that words stand for, each once: an id for itself, `customer-*` for all that there are.
 * @throws {CommandFault} for a pattern that no pipeline fits
 */
export async function pipelineIdsOf(words: readonly string[], desk: Overviews): Promise<readonly string[]> {
  return idsOf(words, await rowsFor(words, desk));
}

/**
 * The same for a command that changes records: a pattern stands only for pipelines that have one.
 * @throws {CommandFault} for a pattern that no pipeline fits
 */
export async function recordIdsOf(words: readonly string[], desk: Overviews): Promise<Chosen> {
  const rows = await rowsFor(words, desk);
  const leaving = new Set(rows.filter((row) => row.isLeaving).map(({ pipelineId }) => pipelineId));
  // One that was named is told of by itself.
  const isSkipped = (id: string) => leaving.has(id) && !words.includes(id);
  const ids = idsOf(words, rows);
  return { ids: ids.filter((id) => !isSkipped(id)), leaving: ids.filter(isSkipped) };
}

async function rowsFor(words: readonly string[], desk: Overviews): Promise<readonly PipelineRow[]> {
  if (!words.some(isGlob)) return [];
  const { rows } = await desk.overview('none');
  return rows.filter(({ phase }) => phase !== 'Deleted');
}

function idsOf(words: readonly string[], rows: readonly PipelineRow[]): readonly string[] {
  const ids = rows.map(({ pipelineId }) => pipelineId);
  const found = words.flatMap((word) => {
    if (!isGlob(word)) return [word];
    const fitting = ids.filter(matcherOf([word]));
    if (fitting.length === 0) {
      throw new CommandFault(EXIT.unknown, `no pipeline fits ${word} — sluice ls shows those that there are`);
    }
    return fitting;
  });
  return [...new Set(found)];
}
