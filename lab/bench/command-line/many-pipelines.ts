import pLimit from 'p-limit';
import { createPorts } from '../../../aws/environment.ts';
import { deadLetterQueueSpec, queueSpec } from '../../../core/lifecycle/target.ts';
import { queueArnBeside } from '../../../core/names.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import { settingsOfStage } from '../../stage-settings.ts';
import type { BenchStage } from '../bench-stage.ts';

const STAGE = 'bench';
/** The one pipeline that is made as pipelines are made. */
const MODEL = 'model';
const AT_ONCE = 16;
/** Whatever would come of records would be measured with the tool: they are taken away. */
const MAKERS = ['config-listener', 'reconciler'];

/**
 * Fills a stage with pipelines as an operator’s tools see them: records, statuses and queues, each as the one has them
 * that is really made. Their functions and mappings, which such tools do not look at, are not there.
 * @returns the urls of their queues, two each
 */
export async function fillStage(stage: BenchStage, count: number): Promise<readonly string[]> {
  const { driver, emulator, outputs } = stage;
  await driver.putConfigRecord({ pipelineId: MODEL, concurrency: 5 });
  const model = await driver.until(MODEL, ({ phase }) => phase === 'Active');
  const ports = createPorts(settingsOfStage(emulator, STAGE, outputs), driver.clients);
  for (const name of MAKERS) {
    await ports.functions.delete(`sluice-${STAGE}-${name}`, { lane: 'edit', startMs: Date.now() });
  }
  const limit = pLimit(AT_ONCE);
  const ids = Array.from({ length: count }, (_, at) => `group-${String(at + 1).padStart(5, '0')}`);
  const urls = await Promise.all(ids.map((pipelineId) => limit(() => fill(pipelineId, model, stage))));
  return urls.flat();
}

async function fill(pipelineId: string, model: StatusRecord, { driver, outputs }: BenchStage) {
  const { applied } = model;
  if (applied === undefined) throw new Error('the model has nothing applied');
  const deadLetters = deadLetterQueueSpec(pipelineId, STAGE);
  const arn = queueArnBeside(outputs.PipelineLifecycleArn ?? '', deadLetters.name);
  const specs = [queueSpec({ ...applied.wanted, pipelineId }, STAGE, arn), deadLetters];
  // The dead-letter queue comes first: the other one names it.
  const made = [];
  for (const spec of specs.toReversed()) made.unshift(await driver.queues.create(spec));
  const [queueUrl = '', deadLetterQueueUrl = ''] = made.map((one) => (one.kind === 'created' ? one.url : ''));
  await driver.statuses.write({ ...model, revision: 0, pipelineId, queueUrl, deadLetterQueueUrl });
  await driver.putConfigRecord({ pipelineId, concurrency: 5 });
  return [queueUrl, deadLetterQueueUrl];
}
