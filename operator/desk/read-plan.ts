import { type CapacityPlan, type Planned, planCapacity } from '../../core/capacity/plan.ts';
import { type ConfigFacts, parseConfigRecord } from '../../core/config-record.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { Stage } from '../stage/stage.ts';
import { createLooker } from './look.ts';
import { readAccountFact, readTaskSeconds } from './read-facts.ts';

/** A plan, and the records that it could not reckon with. */
export interface StagePlan extends CapacityPlan {
  readonly notValid: readonly string[];
}

/** Releases whose size is looked up. */
const MOST_RELEASES = 20;

/** What all records of a stage come to. */
export async function readPlan(
  stage: Pick<Stage, 'stage' | 'ports'>,
  tasksPerMonth: number | undefined,
): Promise<StagePlan> {
  const { ports } = stage;
  const [records, statuses, account] = await Promise.all([
    ports.tables.configs(),
    ports.tables.statuses(),
    readAccountFact(ports),
  ]);
  const statusOf = new Map(statuses.map((status) => [status.pipelineId, status]));
  const ids = records.map(({ pipelineId }) => String(pipelineId));
  const withQueue = ids.filter((id) => statusOf.get(id)?.queueUrl !== undefined);
  const looker = createLooker(stage);
  looker.learn(statuses);
  const [looks, seconds, bytesOf] = await Promise.all([
    looker.look(withQueue),
    readTaskSeconds(ports, withQueue),
    readCodeSizes(ports, statuses),
  ]);
  const planned: Planned[] = [];
  const notValid: string[] = [];
  for (const [at, record] of records.entries()) {
    const id = ids[at] ?? '';
    const status = statusOf.get(id);
    const look = looks.get(id);
    const facts: ConfigFacts = {
      stage: stage.stage,
      ...(account && { accountConcurrency: account.concurrency }),
      ...(status?.measured && { measuredSeconds: status.measured.taskSeconds }),
    };
    const parsed = parseConfigRecord(record, facts);
    if (parsed.kind === 'invalid') notValid.push(id);
    else {
      planned.push({
        wanted: parsed.wanted,
        lease: status?.applied?.lease,
        taskSeconds: status?.measured?.taskSeconds ?? seconds.get(id),
        tasks: look && look.waiting + look.running + look.delayed,
        codeBytes: bytesOf(status),
      });
    }
  }
  return { ...planCapacity(planned, account, tasksPerMonth), notValid };
}

/** How large the code is that pipelines run, by what their releases' records say. */
async function readCodeSizes(
  { releases }: Pick<Stage['ports'], 'releases'>,
  statuses: readonly StatusRecord[],
): Promise<(status: StatusRecord | undefined) => number | undefined> {
  const nameOf = ({ codeKey, codeVersion }: StatusRecord) => `${codeKey}\n${codeVersion}`;
  const running = new Map(statuses.filter(({ codeVersion }) => codeVersion).map((one) => [nameOf(one), one]));
  const sizes = new Map<string, number>();
  await Promise.all(
    [...running].slice(0, MOST_RELEASES).map(async ([name, { codeKey = '', codeVersion = '' }]) => {
      const { unzippedBytes } = (await releases.read(codeKey, codeVersion)) ?? {};
      if (unzippedBytes !== undefined) sizes.set(name, unzippedBytes);
    }),
  );
  return (status) => (status === undefined ? undefined : sizes.get(nameOf(status)));
}
