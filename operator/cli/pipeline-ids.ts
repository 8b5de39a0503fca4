import type { PipelineDesk } from '../views/desk.ts';
import { CommandFault, EXIT } from './exit-codes.ts';
import { isGlob, matcherOf } from './globs.ts';

/**
 * The pipelines that words stand for, each once: an id for itself, `customer-*` for all that there are.
 * @throws {CommandFault} for a pattern that no pipeline fits
 */
export async function pipelineIdsOf(
  words: readonly string[],
  desk: Pick<PipelineDesk, 'overview'>,
): Promise<readonly string[]> {
  if (!words.some(isGlob)) return [...new Set(words)];
  const { rows } = await desk.overview('none');
  const ids = rows.filter(({ phase }) => phase !== 'Deleted').map(({ pipelineId }) => pipelineId);
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
