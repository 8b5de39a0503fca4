import { endStage } from '../../../lab/local-stage/stage-state.ts';
import { sharedStageFile } from './shared-stage-file.ts';

/** After the last test file, whether they passed or not. */
export default async function endSharedStage(): Promise<void> {
  await endStage(sharedStageFile(process.pid));
}
