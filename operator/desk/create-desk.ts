import type { Stage } from '../stage/stage.ts';
import type { PipelineDesk } from '../views/desk.ts';

/** All that people do to a stage. Each part is made of the same stage: `createPipelineDesk(stage)`. */
export function createDesk(
  stage: Stage,
): Pick<Stage, 'stage' | 'region' | 'isLocal'> & Partial<PipelineDesk> {
  const { stage: name, region, isLocal } = stage;
  return { stage: name, region, isLocal };
}
