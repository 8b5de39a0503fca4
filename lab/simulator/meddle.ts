import { isOurs, pipelineNames } from '../../core/names.ts';
import type { Meddling } from './story.ts';
import { STAGE, type World } from './world/world.ts';

/** Changes a pipeline's resources by hand, as a person in the console does; nothing where there is none. */
export function meddle(world: World, pipelineId: string, how: Meddling): void {
  const names = pipelineNames(STAGE, pipelineId);
  const { queues, functions } = world;
  const queue = queues.byName.get(names.queue);
  // Somebody else's function of this name is nobody's to change.
  const found = functions.byName.get(names.function);
  const consumer = found !== undefined && isOurs(found.tags, STAGE, pipelineId) ? found : undefined;
  const mapping = world.mappings.byQueue.get(names.queue)?.[0];
  switch (how) {
    case 'mappingOff':
      if (mapping) world.mappings.change(mapping.id, { enabled: !mapping.settings.enabled });
      return;
    case 'mappingConcurrency':
      if (mapping) world.mappings.change(mapping.id, { maximumConcurrency: 9 });
      return;
    case 'mappingGone':
      if (mapping) world.mappings.delete(mapping.id);
      return;
    case 'functionTimeout':
      // Not beyond the queue's visibility timeout: Lambda would refuse the mapping's next change.
      if (consumer) functions.configure({ ...consumer.settings, ...identity(consumer), timeoutSeconds: 3 });
      return;
    case 'functionCode':
      if (consumer)
        functions.updateCode(
          { ...consumer.settings, ...identity(consumer) },
          { key: 'other.zip', version: 'x' },
        );
      return;
    case 'functionGone':
      if (consumer) functions.delete(names.function);
      return;
    case 'reservationGone':
      if (consumer) functions.releaseReservation(names.function);
      return;
    case 'visibility':
      if (queue && isOurs(queue.tags, STAGE, pipelineId))
        queues.change(queue.url, { visibilityTimeoutSeconds: 77 });
      return;
    case 'queueGone':
    case 'deadLetterQueueGone': {
      const gone = queues.byName.get(how === 'queueGone' ? names.queue : names.deadLetterQueue);
      if (gone && isOurs(gone.tags, STAGE, pipelineId)) queues.delete(gone.url, true);
      return;
    }
  }
}

function identity({
  name,
  tags,
}: {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}) {
  return { name, tags, architecture: 'arm64' as const };
}
