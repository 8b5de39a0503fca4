import { endStage } from '../../../lab/local-stage/stage-state.ts';
import { sharedStageFiles } from './shared-stage-file.ts';

/** After the last test file, whether they passed or not. */
export default async function endSharedStages(): Promise<void> {
  for (const file of await sharedStageFiles()) await endStage(file);
}
