import type { Ports } from './ports.ts';

/** How many messages of a pipeline are in salvage. The count of each object stands in its key: listing is enough. */
export async function countSalvaged(
  pipelineId: string,
  { salvage }: Pick<Ports, 'salvage'>,
): Promise<number> {
  let messages = 0;
  let cursor: string | undefined;
  do {
    const page = await salvage.page(pipelineId, cursor);
    for (const { count } of page.items) messages += count;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return messages;
}
