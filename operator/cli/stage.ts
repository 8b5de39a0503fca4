import { type Clients, createClients } from '../../aws/clients.ts';
import { STAGE_PATTERN } from '../../core/names.ts';
import { CommandFault, EXIT } from './exit-codes.ts';
import { findLocalStage, LOCAL_STAGE } from './local-stage.ts';

/** Where a command's stage is, as it was called. */
export interface StageFlags {
  readonly stage: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A stage that can be asked. */
export interface Stage {
  readonly stage: string;
  readonly clients: Clients;
  readonly burstsTable: string;
}

/** Longest that one call of AWS may take, milliseconds. */
const CALL_MS = 10_000;

/**
 * Finds a stage: at `AWS_ENDPOINT_URL` where that is set; the stage `local` at the emulator that runs for this folder,
 * unless a region or a profile says that it is on AWS; any other on AWS.
 * @throws {CommandFault} for a name that no stage has, or where the local stage is not up
 */
export async function openStage(
  { stage, region, profile }: StageFlags,
  env: NodeJS.ProcessEnv,
): Promise<Stage> {
  if (!STAGE_PATTERN.test(stage)) {
    throw new CommandFault(
      EXIT.usage,
      `--stage must be 1 to 10 lower-case letters and digits, got "${stage}" — give the name you deployed with`,
    );
  }
  // Where the SDK looks for them, and renews them: a watch may take longer than a session.
  if (region !== undefined) env.AWS_REGION = region;
  if (profile !== undefined) env.AWS_PROFILE = profile;
  const isElsewhere = env.AWS_ENDPOINT_URL || region !== undefined || profile !== undefined;
  const burstsTable = `sluice-${stage}-bursts`;
  if (isElsewhere || stage !== LOCAL_STAGE) {
    return { stage, burstsTable, clients: createClients({ callMs: CALL_MS }) };
  }
  const connection = await findLocalStage();
  if (connection !== undefined) {
    return { stage, burstsTable, clients: createClients({ callMs: CALL_MS, connection }) };
  }
  throw new CommandFault(
    EXIT.unreachable,
    'the local stage is not up — start it with npm start, or say which stage: --stage prod --region eu-west-1',
  );
}
