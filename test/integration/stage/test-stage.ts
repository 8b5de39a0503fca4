import type { Connection } from '../../../aws/clients.ts';
import { createPorts, type Settings } from '../../../aws/environment.ts';
import type { Permit, Ports } from '../../../aws/ports.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import type { Outputs } from '../../../lab/local-stage/deploy.ts';
import { driveStage, type StageDriver } from '../../../lab/stage-driver.ts';
import { settingsOfStage } from '../../../lab/stage-settings.ts';
import type { TestTask } from './consumers/obedient.ts';
import { eventually } from './eventually.ts';

/** A config record as a person writes it. */
export interface Written {
  readonly pipelineId: string;
  readonly [field: string]: unknown;
}

/** A task that has ended, from its own stamps. */
export interface Done {
  readonly document: number;
  readonly release: number;
  readonly shown: Readonly<Record<string, string>>;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** A deployed stage, driven from outside and looked into through the ports. */
export interface TestStage extends StageDriver {
  readonly stage: string;
  readonly connection: Connection;
  readonly outputs: Outputs;
  readonly settings: Settings;
  readonly ports: Ports;
  /** Writes a record and waits until what it asks for is settled, in a run begun after it was written. */
  put(record: Written, limitSeconds?: number): Promise<StatusRecord>;
  /** Deletes a record and waits until its pipeline is gone. */
  remove(pipelineId: string, limitSeconds?: number): Promise<StatusRecord>;
  /** Sends tasks that say what they are, `document` from 1 on. */
  sendTasks(pipelineId: string, count: number, task?: Omit<TestTask, 'document'>): Promise<void>;
  /** Waits until so many tasks of the pipeline have ended well since then; all of them, by their first start. */
  done(pipelineId: string, count: number, sinceMs: number, limitSeconds?: number): Promise<Done[]>;
}

/** The tests' own calls are not what the budget is there for. */
export const permit = (): Permit => ({ lane: 'edit', startMs: Date.now() });

export const isSettled = ({ phase, lease }: StatusRecord) =>
  lease === undefined && (phase === 'Active' || phase === 'Paused');

export function testStage(connection: Connection, stage: string, outputs: Outputs): TestStage {
  const driver = driveStage(connection, stage, outputs);
  const settings = settingsOfStage(connection, stage, outputs);

  const done: TestStage['done'] = async (pipelineId, count, sinceMs, limitSeconds) => {
    const read = async () => tasksIn(await driver.logLines(sinceMs), pipelineId);
    return eventually(
      read,
      (tasks) => tasks.length >= count,
      `${count} tasks of ${pipelineId} done`,
      limitSeconds,
    );
  };

  return {
    ...driver,
    stage,
    connection,
    outputs,
    settings,
    ports: createPorts(settings, driver.clients),
    done,
    async put(record, limitSeconds) {
      const { pipelineId } = record;
      const before = await driver.statuses.read(pipelineId);
      await driver.putConfigRecord(record);
      const isNew = ({ updatedAt, phase, configHash }: StatusRecord) =>
        before === undefined ||
        before.phase === 'Deleted' ||
        (updatedAt !== before.updatedAt && (phase !== before.phase || configHash !== before.configHash));
      return driver.until(pipelineId, (status) => isSettled(status) && isNew(status), limitSeconds);
    },
    async remove(pipelineId, limitSeconds) {
      await driver.deleteConfigRecord(pipelineId);
      return driver.until(
        pipelineId,
        ({ phase, lease }) => phase === 'Deleted' && lease === undefined,
        limitSeconds,
      );
    },
    async sendTasks(pipelineId, count, task = {}) {
      const tasks = Array.from({ length: count }, (_, index) => ({ ...task, document: index + 1 }));
      const { accepted } = await driver.send({ pipelineId, tasks });
      if (accepted !== count) throw new Error(`${accepted} of ${count} tasks were accepted`);
    },
  };
}

/** The runtime's line says when a task ran, the handler's own line what it was. */
export function tasksIn(all: readonly Readonly<Record<string, unknown>>[], pipelineId: string): Done[] {
  const lines = all.filter((line) => line.pipelineId === pipelineId);
  const said = new Map(
    lines.filter((line) => line.message === 'worked').map((line) => [line.messageId, line]),
  );
  return lines
    .flatMap(({ sluice, fate, messageId, startedAtMs, endedAtMs }) => {
      const worked = said.get(messageId);
      if (sluice !== 'task' || fate !== 'done' || worked === undefined) return [];
      const { document, release, shown } = worked as unknown as Done;
      return [{ document, release, shown, startedAtMs: Number(startedAtMs), endedAtMs: Number(endedAtMs) }];
    })
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** The numbers 1 to n, as `sendTasks` gives them out. */
export const documents = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Which documents were worked on, in order; twice if twice. */
export const documentsOf = (tasks: readonly Done[]) =>
  tasks.map(({ document }) => document).sort((a, b) => a - b);

/** Most tasks at one moment; one that ends in the millisecond in which another starts has ended. */
export function peakOf(tasks: readonly Done[]): number {
  return Math.max(
    0,
    ...tasks.map(
      ({ startedAtMs: at }) => tasks.filter((one) => one.startedAtMs <= at && one.endedAtMs > at).length,
    ),
  );
}
