import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { BURST_ATTRIBUTES } from '../../../core/burst/attributes.ts';
import { CONSUMER_ENTRY, CONSUMER_ENVIRONMENT } from '../../../core/consumer-code.ts';
import { limitsText, NO_LIMITS } from '../../../core/flow/limits.ts';
import type { PacePlan } from '../../../core/flow/pace.ts';
import { bundleConsumer } from '../../../operator/packing/bundle-consumer.ts';
import { withTemporaryFolder } from '../../local-stage/temporary.ts';

/** The consumers of lab/bench/consumers, all bundled the same way. */
export const CONTENDERS = [
  'bare',
  'sluice',
  'powertools',
  'powertools-sync',
  'powertools-logger',
  'powertools-metrics',
] as const;
export type Contender = (typeof CONTENDERS)[number];

export function folderOf(contender: Contender): string {
  return join(import.meta.dirname, '..', 'consumers', contender);
}

/** Where each contender's bundle stands, ready to be imported. */
export type Bundles = Readonly<Record<Contender, string>>;

/** Bundles all of them into a folder that is gone afterwards. */
export async function withBundles<T>(use: (bundles: Bundles) => Promise<T>): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const written = CONTENDERS.map(async (contender) => {
      const files = await bundleConsumer(folderOf(contender));
      await mkdir(join(folder, contender));
      await Promise.all([...files].map(([name, file]) => writeFile(join(folder, contender, name), file)));
      return [contender, join(folder, contender, CONSUMER_ENTRY)];
    });
    return await use(Object.fromEntries(await Promise.all(written)));
  });
}

/** The environment of a consumer, and nothing of this process's own. */
export const CONSUMER_VARIABLES: Readonly<Record<string, string>> = {
  AWS_LAMBDA_FUNCTION_NAME: 'sluice-pipe-bench-customer-a',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  [CONSUMER_ENVIRONMENT.stage]: 'bench',
  [CONSUMER_ENVIRONMENT.pipelineId]: 'customer-a',
  [CONSUMER_ENVIRONMENT.maxAttempts]: '5',
  [CONSUMER_ENVIRONMENT.flowTable]: 'sluice-bench-flow',
  [CONSUMER_ENVIRONMENT.holdsTable]: 'sluice-bench-holds',
};

/** A group of ten starts a second, which asks its ledger for each of them. */
export function rateLimited(endpoint: string): Readonly<Record<string, string>> {
  const pace: PacePlan = { kind: 'ledger', spacingMs: 102.2, toleranceMs: 18 };
  return {
    ...CONSUMER_VARIABLES,
    AWS_ENDPOINT_URL: endpoint,
    [CONSUMER_ENVIRONMENT.limits]: limitsText({ ...NO_LIMITS, pace }),
  };
}

/** A group whose bursts are counted. */
export function counted(endpoint: string): Readonly<Record<string, string>> {
  return {
    ...CONSUMER_VARIABLES,
    AWS_ENDPOINT_URL: endpoint,
    [CONSUMER_ENVIRONMENT.burstsTable]: 'sluice-bench-bursts',
  };
}

/** One task of a burst. */
export function burstEvent(): SQSEvent {
  const says = {
    [BURST_ATTRIBUTES.burstId]: 'burst#1',
    [BURST_ATTRIBUTES.index]: '0',
    [BURST_ATTRIBUTES.total]: '9',
  };
  const messageAttributes = Object.fromEntries(
    Object.entries(says).map(([name, stringValue]) => [name, { dataType: 'String' as const, stringValue }]),
  );
  return { Records: eventOf(1).Records.map((record) => ({ ...record, messageAttributes })) };
}

/** What a queue's mapping hands over: so many tasks that nobody has tried before. */
export function eventOf(tasks: number, from = 1): SQSEvent {
  const sentAt = '1795236728262';
  return {
    Records: Array.from({ length: tasks }, (_, at) => ({
      messageId: `2a8849c5-5d1e-4b6b-9a55-${String(from + at).padStart(12, '0')}`,
      receiptHandle: `receipt-${from + at}`,
      body: JSON.stringify({ document: from + at, url: `https://example.com/pages/${from + at}` }),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: sentAt,
        SenderId: 'AROAEXAMPLE',
        ApproximateFirstReceiveTimestamp: sentAt,
      },
      messageAttributes: {},
      md5OfBody: '9f86d081884c7d659a2feaa0c55ad015',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:sluice-pipe-bench-customer-a',
      awsRegion: 'eu-west-1',
    })),
  };
}
