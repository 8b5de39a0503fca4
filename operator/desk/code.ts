import { readArchive } from '../../aws/archive.ts';
import type { Page, Releases } from '../../aws/ports.ts';
import { putObject, readFunctionEnvironment } from '../../aws/stage-inputs.ts';
import { CONSUMER_HANDLER } from '../../core/consumer-code.ts';
import { checkArchive } from '../../core/release/package.ts';
import type { ReleaseRecord } from '../../core/release/record.ts';
import { ROLLOUT_SETTINGS } from '../../core/release/rollout-settings.ts';
import type { Stage } from '../stage/stage.ts';
import { type CodeDesk, DeskFault } from '../views/desk.ts';
import { asked } from './faults.ts';

/** What every consumer runs on, unless the stage says otherwise. */
const RUNTIME = 'nodejs24.x';
const PAGE = 100;

/** Code of a stage: uploaded, and followed on its way to every pipeline. */
export function createCodeDesk(stage: Stage): CodeDesk {
  const { names, ports } = stage;
  return {
    async pushCode(codeKey, zip) {
      const checked = checkArchive(readArchive(zip), await consumersOf(stage), ROLLOUT_SETTINGS);
      if (checked.kind === 'rejected') {
        throw new DeskFault('Invalid', 'nothing was uploaded: the stage would reject it', checked.problems);
      }
      const bucket = await stage.output('CodeBucket');
      return { codeKey, version: await putObject(stage.patientClients().s3, bucket, codeKey, zip) };
    },

    async rollouts(codeKey) {
      const found =
        codeKey === undefined ? await allReleases(ports.releases) : await ports.releases.ofKey(codeKey);
      return [...found].sort(newestFirst);
    },

    steerRollout: (request) => asked(stage.call(names.functions.rolloutControl, request)),
  };
}

/** How the stage's consumers are started, as its rollouts know it. */
async function consumersOf({ names, clients }: Stage) {
  const environment = await asked(readFunctionEnvironment(clients, names.functions.rolloutControl));
  const { CONSUMER_HANDLER: handler = CONSUMER_HANDLER, CONSUMER_RUNTIME: runtime = RUNTIME } = environment;
  return { handler, runtime };
}

async function allReleases(releases: Pick<Releases, 'page'>): Promise<readonly ReleaseRecord[]> {
  const all: ReleaseRecord[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<ReleaseRecord> = await releases.page(cursor, PAGE);
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

function newestFirst(a: ReleaseRecord, b: ReleaseRecord): number {
  return a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0;
}
