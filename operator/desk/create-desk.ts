import type { Stage } from '../stage/stage.ts';
import type { Desk } from '../views/desk.ts';
import { createCodeDesk } from './code.ts';
import { createObservingDesk } from './observe.ts';
import { createPipelineDesk } from './pipelines.ts';
import { createTaskDesk } from './tasks.ts';

/** All that people do to a stage; each part is made of it. */
export function createDesk(stage: Stage): Desk {
  const { stage: name, region, isLocal } = stage;
  return {
    stage: name,
    region,
    isLocal,
    ...createPipelineDesk(stage),
    ...createTaskDesk(stage),
    ...createCodeDesk(stage),
    ...createObservingDesk(stage),
  };
}
