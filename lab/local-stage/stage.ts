/** The one local stage of this folder: what `npm run local` and `npm start` bring up, find and end. */
import type { Connection } from '../../aws/clients.ts';
import { readStageOutputs } from '../../aws/stage-outputs.ts';
import { deployStage, type Outputs } from './deploy.ts';
import { DEFAULT_ACCOUNT, startEmulator } from './emulator.ts';
import { REGION } from './launch.ts';
import { withLock } from './lock.ts';
import { endStage, rememberStage, runningStage } from './stage-state.ts';

export const LOCAL_STAGE = 'local';

/** All that another program needs: `npm run -s local -- status --json` prints it. */
export interface LocalStage extends Connection {
  readonly stage: string;
  /** The stack's outputs, by the names of the contract. */
  readonly outputs: Outputs;
}

type Say = (line: string) => void;

/**
 * Where the local stage is: at AWS_ENDPOINT_URL, if that is set, or at the emulator that runs here.
 * @returns undefined if there is neither
 */
export async function findConnection(env: NodeJS.ProcessEnv = process.env): Promise<Connection | undefined> {
  const endpoint = env.AWS_ENDPOINT_URL;
  if (endpoint) {
    return {
      endpoint,
      region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? REGION,
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? DEFAULT_ACCOUNT,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? 'local',
    };
  }
  const state = await runningStage();
  if (!state) return undefined;
  const { region, accessKeyId, secretAccessKey } = state;
  return { endpoint: state.endpoint, region, accessKeyId, secretAccessKey };
}

/** The stage if it is up and deployed. */
export async function findStage(): Promise<LocalStage | undefined> {
  const connection = await findConnection();
  const outputs = connection && (await readStageOutputs(connection, `sluice-${LOCAL_STAGE}`));
  return outputs && { ...connection, stage: LOCAL_STAGE, outputs };
}

/**
 * Brings the stage up, or what is missing of it, and deploys the code as it is now.
 * @param detached whether the emulator outlives this process
 * @param signal breaks off a deploy
 */
export async function bringUp(detached: boolean, say: Say, signal?: AbortSignal): Promise<LocalStage> {
  const connection = await withLock(
    'emulator',
    async () => (await findConnection()) ?? (await bringUpEmulator(detached, say)),
  );
  say(`deploying stage ${LOCAL_STAGE} to ${connection.endpoint}`);
  const outputs = await deployStage({ connection, stage: LOCAL_STAGE, ...(signal ? { signal } : {}) });
  return { ...connection, stage: LOCAL_STAGE, outputs };
}

async function bringUpEmulator(detached: boolean, say: Say): Promise<Connection> {
  await endStage(); // what a crash or a reboot may have left
  const emulator = await startEmulator({ detached, say });
  await rememberStage(emulator, Date.now());
  const { endpoint, region, accessKeyId, secretAccessKey } = emulator;
  return { endpoint, region, accessKeyId, secretAccessKey };
}
