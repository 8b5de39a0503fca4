import { setTimeout as sleep } from 'node:timers/promises';
import { CONSUMER_ENTRY } from '../../core/consumer-code.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { zipReproducibly } from '../../operator/packing/zip.ts';
import type { StageDriver } from '../stage-driver.ts';
import { withBenchStage } from './bench-stage.ts';
import { isChange, isMappingPoll, startCountingProxy } from './counting-proxy.ts';
import { type Cost, type Fields, OPERATIONS, type Operation } from './operations.ts';

const PIPELINE = 'counted';
/** After a status is as it should be: a call too many would come now. */
const AFTERMATH_MS = 1500;

/**
 * Does all operations to one pipeline of a deployed stage, and counts what the functions' SDK clients send to Lambda.
 * @returns per operation what it cost
 */
export async function countOverHttp(say: (line: string) => void): Promise<ReadonlyMap<string, Cost>> {
  const proxy = await startCountingProxy();
  try {
    // Functions inherit the emulator's variables, and the SDK has one for each service's address.
    const env = { AWS_ENDPOINT_URL_LAMBDA: proxy.url };
    return await withBenchStage(
      say,
      async ({ emulator, driver }) => {
        proxy.forwardTo(emulator.port);
        const costs = new Map<string, Cost>();
        let record: Fields = { pipelineId: PIPELINE };
        for (const operation of OPERATIONS) {
          say(`  ${operation.name} …`);
          const from = proxy.requests.length;
          record = await perform(driver, operation, record);
          await sleep(AFTERMATH_MS);
          const sent = proxy.requests.slice(from);
          costs.set(operation.name, {
            changes: sent.filter(isChange).length,
            mappingPolls: sent.filter(isMappingPoll).length,
          });
        }
        return costs;
      },
      env,
    );
  } finally {
    await proxy.stop();
  }
}

const ANOTHER_RELEASE = zipReproducibly(
  new Map([[CONSUMER_ENTRY, new TextEncoder().encode('export const handler = async () => ({});\n')]]),
);

/** @returns the record as it now is */
async function perform(driver: StageDriver, { deed, phase }: Operation, record: Fields): Promise<Fields> {
  const changedAt = async (act: () => Promise<unknown>, isSo: (status: StatusRecord) => boolean) => {
    const before = (await driver.statuses.read(PIPELINE))?.updatedAt;
    await act();
    await driver.until(PIPELINE, (status) => {
      const settled = status.lease === undefined && status.updatedAt !== before;
      return settled && status.phase === phase && isSo(status);
    });
  };
  switch (deed.kind) {
    case 'put': {
      const next = { ...record, ...deed.fields };
      await changedAt(
        () => driver.putConfigRecord(next),
        ({ applied }) =>
          Object.entries(deed.fields).every(([field, value]) => applied?.wanted[field as never] === value),
      );
      return next;
    }
    case 'release': {
      let version = '';
      await changedAt(
        async () => {
          version = await driver.uploadCode('consumer.zip', ANOTHER_RELEASE);
        },
        ({ codeVersion }) => codeVersion === version,
      );
      return record;
    }
    case 'delete':
      await changedAt(
        () => driver.deleteConfigRecord(PIPELINE),
        () => true,
      );
      return { pipelineId: PIPELINE };
  }
}
