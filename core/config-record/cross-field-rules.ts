import {
  FUNCTION_NAME_CHARACTERS,
  MAPPING_BATCH_MAX_WITHOUT_WINDOW,
  QUEUE_NAME_CHARACTERS,
} from '../aws-limits.ts';
import { pipelineNames } from '../names.ts';
import { leastRetentionSeconds } from '../spread/retention.ts';
import {
  environmentBytes,
  environmentJsonBytes,
  USER_ENVIRONMENT_BYTES,
  USER_ENVIRONMENT_JSON_BYTES,
} from './environment.ts';
import { flowRules } from './flow-rules.ts';
import { isMap } from './given.ts';
import { type CrossFieldRule, conflict } from './rule.ts';
import { longestDelaySeconds } from './spread.ts';

export const crossFieldRules: readonly CrossFieldRule[] = [
  {
    rule: '`visibilityTimeoutSeconds` is at least `timeoutSeconds`: otherwise a task would be handed out again while it still runs, and Lambda refuses the mapping.',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
    problems: ({ fields: { visibilityTimeoutSeconds, timeoutSeconds } }) =>
      visibilityTimeoutSeconds !== undefined &&
      timeoutSeconds !== undefined &&
      visibilityTimeoutSeconds < timeoutSeconds
        ? conflict(
            ['visibilityTimeoutSeconds'],
            `timeoutSeconds (${timeoutSeconds}) or more`,
            visibilityTimeoutSeconds,
            'raise it or lower timeoutSeconds, or leave it out for 6 × timeoutSeconds + batchWindowSeconds',
          )
        : [],
  },
  {
    rule: '`batchSize` over 10 needs `batchWindowSeconds` of 1 or more.',
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html',
    problems: ({ fields: { batchSize, batchWindowSeconds } }) =>
      batchSize !== undefined && batchSize > MAPPING_BATCH_MAX_WITHOUT_WINDOW && batchWindowSeconds === 0
        ? conflict(
            ['batchWindowSeconds'],
            `1 or more with a batchSize of ${batchSize}`,
            batchWindowSeconds,
            `set batchWindowSeconds to 1, or batchSize to ${MAPPING_BATCH_MAX_WITHOUT_WINDOW} or less`,
          )
        : [],
  },
  {
    rule: '`maxReceiveCount` is at least `maxAttempts`: every attempt is a receive.',
    problems: ({ fields: { maxReceiveCount, maxAttempts } }) =>
      maxReceiveCount !== undefined && maxAttempts !== undefined && maxReceiveCount < maxAttempts
        ? conflict(
            ['maxReceiveCount'],
            `maxAttempts (${maxAttempts}) or more`,
            maxReceiveCount,
            'raise it or lower maxAttempts, or leave it out for 10 × maxAttempts',
          )
        : [],
  },
  {
    rule: `Names and values of \`environment\` together take at most ${USER_ENVIRONMENT_BYTES} bytes in UTF-8, and at most ${USER_ENVIRONMENT_JSON_BYTES} written as JSON, which is what Lambda measures: quotes, colons, commas and backslashes count. The rest of its 4 KB is the runtime’s.`,
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution',
    problems: ({ given: { environment } }) => {
      if (!isMap(environment)) return [];
      const bytes = environmentBytes(environment);
      const jsonBytes = environmentJsonBytes(environment);
      if (bytes <= USER_ENVIRONMENT_BYTES && jsonBytes <= USER_ENVIRONMENT_JSON_BYTES) return [];
      const isLong = bytes > USER_ENVIRONMENT_BYTES;
      return [
        {
          path: 'environment',
          code: 'OutOfRange',
          allowed: isLong
            ? `at most ${USER_ENVIRONMENT_BYTES} bytes of names and values`
            : `at most ${USER_ENVIRONMENT_JSON_BYTES} bytes of JSON, which is what Lambda measures`,
          given: `${isLong ? bytes : jsonBytes} bytes`,
          hint: 'keep long values in Parameter Store or Secrets Manager and refer to them with ssm:/… or secret:…',
        },
      ];
    },
  },
  {
    rule: 'Windows in a list of `rateLimit` differ in `perSeconds`.',
    problems: ({ given: { rateLimit } }) => {
      const windows = Array.isArray(rateLimit) ? rateLimit.map(windowOf) : [];
      return windows.flatMap((perSeconds, index) => {
        const first = windows.indexOf(perSeconds);
        if (perSeconds === undefined || first === index) return [];
        return conflict(
          ['rateLimit', index, 'perSeconds'],
          `different from rateLimit[${first}].perSeconds`,
          perSeconds,
          'keep the stricter of the two',
        );
      });
    },
  },
  {
    rule: '`spread.maxSeconds` is at least `spread.minSeconds`.',
    problems: ({ fields: { spread } }) =>
      spread !== undefined && 'maxSeconds' in spread && spread.maxSeconds < spread.minSeconds
        ? conflict(
            ['spread', 'maxSeconds'],
            `minSeconds (${spread.minSeconds}) or more`,
            spread.maxSeconds,
            'swap the two',
          )
        : [],
  },
  {
    rule: '`messageRetentionSeconds` is at least 60 s more than `spread` delays a message: SQS would drop it unseen. Of a longer spread a message is delayed by 900 s at most. A peak names no delay: the plan of each burst is checked.',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html',
    problems: ({ fields: { spread, messageRetentionSeconds } }) =>
      spread !== undefined &&
      messageRetentionSeconds !== undefined &&
      messageRetentionSeconds < leastRetentionSeconds(longestDelaySeconds(spread))
        ? conflict(
            ['messageRetentionSeconds'],
            `${leastRetentionSeconds(longestDelaySeconds(spread))} or more, for spread may delay a message by ${longestDelaySeconds(spread)} s`,
            messageRetentionSeconds,
            'raise it or shorten the spread',
          )
        : [],
  },
  {
    rule: '`concurrency` is at most what the account allows to run at once in this region.',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    problems: ({ fields: { concurrency }, facts: { accountConcurrency } }) =>
      concurrency !== undefined && accountConcurrency !== undefined && concurrency > accountConcurrency
        ? [
            {
              path: 'concurrency',
              code: 'AccountLimit',
              allowed: `at most ${accountConcurrency}, the account's concurrent executions in this region`,
              given: String(concurrency),
              hint: 'lower it, or have the Lambda quota "Concurrent executions" raised in Service Quotas',
            },
          ]
        : [],
  },
  {
    rule: 'Names made from the stage and `pipelineId` fit: 64 characters for the function, 80 for the dead-letter queue.',
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
    problems: ({ fields: { pipelineId }, facts: { stage } }) => {
      if (pipelineId === undefined) return [];
      const names = pipelineNames(stage, pipelineId);
      const over = Math.max(
        names.function.length - FUNCTION_NAME_CHARACTERS,
        names.deadLetterQueue.length - QUEUE_NAME_CHARACTERS,
      );
      if (over <= 0) return [];
      const fitting = Math.max(0, pipelineId.length - over);
      return conflict(
        ['pipelineId'],
        `at most ${fitting} characters in stage ${stage}`,
        pipelineId,
        'choose a shorter id or a shorter stage',
      );
    },
  },
  ...flowRules,
];

function windowOf(rateLimit: unknown): number | undefined {
  const perSeconds = isMap(rateLimit) ? Number(rateLimit.perSeconds) : 0;
  return perSeconds >= 1 ? perSeconds : undefined;
}
