import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../../../aws/errors.ts';
import { type Probe, probesOf } from '../../../aws/probes.ts';
import type { AccountFact } from '../../../core/account.ts';
import { SWEEP_FACT, sweepOf } from '../../../core/sweep/sweep.ts';
import type { Stage } from '../../stage/stage.ts';
import { DeskFault } from '../../views/desk.ts';
import { readAccountFact } from '../read-facts.ts';
import { attention, type Finding, named, well } from './finding.ts';
import { driftedIds, judgePipelines, type Records } from './judge-pipelines.ts';
import { judgeQuotas, judgeSweep } from './judge-stage.ts';

/** A change that has just been written is not drift: its run has begun by then. */
const SECOND_LOOK_MS = 5_000;

/** Outputs that the tools of this version go by. */
const OUTPUTS = ['CodeBucket', 'BurstBucket', 'TriggerFunction', 'BurstFunction', 'RedriveFunction'];

/** Looks at a stage as a whole: whether it is there, what one may do to it, and what needs attention. Changes nothing. */
export async function examine(stage: Stage): Promise<readonly Finding[]> {
  const reached = await judgeStack(stage);
  const findings = await Promise.all([
    judgePermissions(stage, reached.codeBucket),
    orUnread('reconciler', async () => {
      const sweep = sweepOf((await stage.ports.ledgers.read(SWEEP_FACT))?.value);
      return judgeSweep(sweep, stage.ports.clock.nowMs());
    }),
    orUnread('pipelines', () => judgeRecords(stage)),
    orUnread('failed events', () => judgeFailureQueues(stage)),
    orUnread('quotas', async () => judgeQuotas(await readAccountFact(stage.ports))),
  ]);
  return [...reached.findings, ...findings.flat()];
}

/** One thing that cannot be read leaves the others to be told. */
async function orUnread(
  about: string,
  judge: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return [attention(about, `cannot be read: ${error.message}`, 'see the permissions above')];
  }
}

async function judgeStack(stage: Stage) {
  const where = `${stage.stage} in ${stage.region}${stage.isLocal ? ', on the emulator' : ''}`;
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const name of OUTPUTS) {
    try {
      found.set(name, await stage.output(name));
    } catch (error) {
      if (error instanceof AwsError) {
        const action =
          'look at --stage, --region, --profile and your network; it takes cloudformation:DescribeStacks';
        return { findings: [attention('stage', `${where}: ${error.message}`, action)] };
      }
      if (!(error instanceof DeskFault)) throw error;
      missing.push(name);
    }
  }
  const codeBucket = found.get('CodeBucket');
  const finding =
    missing.length === 0
      ? well('stage', `${where}, deployed as ${stage.names.stack}`)
      : found.size === 0
        ? attention(
            'stage',
            `${where} is not deployed`,
            'deploy it, or look at --stage, --region and --profile',
          )
        : attention(
            'version',
            `the stack ${stage.names.stack} is older than this tool: it has no output ${missing.join(', ')}`,
            'deploy this version, or use the tool of the version that is deployed',
          );
  return { findings: [finding], ...(codeBucket !== undefined && { codeBucket }) };
}

async function judgePermissions(stage: Stage, codeBucket: string | undefined): Promise<readonly Finding[]> {
  const probes = probesOf(stage.clients, stage.stage, stage.names, codeBucket, !stage.isLocal);
  const answers = await Promise.all(
    probes.map(async (probe) => ({ probe, answer: await probe.tell().catch((error: Error) => error) })),
  );
  const trouble = answers.flatMap(({ probe, answer }) => {
    const call = `${probe.operation} on ${probe.on}`;
    if (answer === 'allowed') return [];
    if (answer === 'denied') {
      return [
        attention('permissions', `not allowed: ${call} (${usesOf(probe)})`, 'have it added to your role'),
      ];
    }
    if (answer === 'missing') {
      return [
        attention(
          'permissions',
          `${call}: there is none`,
          'deploy the stage, or look at --stage and --region',
        ),
      ];
    }
    return [attention('permissions', `${call}: ${answer.message}`, 'try again')];
  });
  return trouble.length > 0 ? trouble : [well('permissions', `${answers.length} kinds of calls are allowed`)];
}

function usesOf({ use }: Probe): string {
  return `for ${use}`;
}

/** What is not applied now and was not a moment ago either. */
async function judgeRecords(stage: Stage): Promise<readonly Finding[]> {
  const account = await readAccountFact(stage.ports);
  const first = await readRecords(stage, account);
  if (driftedIds(first).length === 0) return judgePipelines(first);
  await sleep(SECOND_LOOK_MS);
  return judgePipelines(await readRecords(stage, account));
}

async function readRecords({ stage, ports }: Stage, account: AccountFact | undefined): Promise<Records> {
  const [configs, statuses] = await Promise.all([ports.tables.configs(), ports.tables.statuses()]);
  return { stage, nowMs: ports.clock.nowMs(), accountConcurrency: account?.concurrency, configs, statuses };
}

/** Events that Sluice's own functions could not deal with. */
async function judgeFailureQueues({ stage, ports }: Stage): Promise<readonly Finding[]> {
  const { items } = await ports.queues.page(`sluice-${stage}-`, undefined);
  const queues = await Promise.all(items.map((url) => ports.queues.read(url)));
  const full = queues.flatMap((queue) =>
    queue !== undefined && queue.counts.visible > 0
      ? [`${queue.url.split('/').at(-1)} (${queue.counts.visible})`]
      : [],
  );
  if (full.length === 0) return [well('failed events', 'none')];
  return [
    attention(
      'failed events',
      `in ${named(full)}`,
      'docs/operating.md says what each queue means; what was lost the reconciler makes up for, then purge it',
    ),
  ];
}
