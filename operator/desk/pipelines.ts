import { pipelineNames } from '../../core/names.ts';
import type { Stage } from '../stage/stage.ts';
import { DeskFault, type PipelineDesk } from '../views/desk.ts';
import { createEdits } from './edits.ts';
import { createLooker } from './look.ts';
import { createOverview } from './overview.ts';
import { notePurge } from './purges.ts';
import { createShow, unknownPipeline } from './show.ts';

/** What people see of pipelines, and do to them. */
export function createPipelineDesk(stage: Pick<Stage, 'stage' | 'ports'>): PipelineDesk {
  const { ports } = stage;
  const looker = createLooker(stage);
  return {
    overview: createOverview(stage, looker),
    look: (pipelineIds) => looker.look(pipelineIds),
    show: createShow(stage, looker),
    ...createEdits(stage),

    async purge(pipelineId, which) {
      const { queue, deadLetterQueue } = pipelineNames(stage.stage, pipelineId);
      const url = await ports.queues.find(which === 'tasks' ? queue : deadLetterQueue);
      const answer = url === undefined ? 'gone' : await ports.purge(url);
      if (answer === 'gone') throw unknownPipeline(pipelineId, stage.stage);
      if (answer === 'busy') {
        throw new DeskFault(
          'NotPossible',
          `this queue of ${pipelineId} is being purged already, SQS takes one purge a minute — what comes meanwhile may go, too`,
        );
      }
      if (which === 'tasks') await notePurge(ports, pipelineId);
    },
  };
}
