import { LONGEST_OPEN, mostMinTasks, resolveBreaker } from './breaker.ts';
import { type CrossFieldRule, conflict } from './rule.ts';
import { defaultVisibilitySeconds } from './wanted.ts';

/** Rules of the fields that the consumer runtime lives by. */
export const flowRules: readonly CrossFieldRule[] = [
  {
    rule: '`breaker.minTasks` is at most 0.8 of what `rateLimit` lets start within `breaker.windowSeconds`, or 1: otherwise it would never open. Not where `breaker.force` is given.',
    problems: ({ fields: { breaker, rateLimit } }) => {
      if (breaker?.minTasks === undefined || breaker.force !== undefined) return [];
      const rateLimits = [rateLimit ?? []].flat();
      const { windowSeconds, minTasks } = resolveBreaker(breaker, rateLimits);
      const most = mostMinTasks(windowSeconds, rateLimits);
      return minTasks > most
        ? conflict(
            ['breaker', 'minTasks'],
            `${most} or less while rateLimit lets no more start for sure within ${windowSeconds} s`,
            minTasks,
            'lower it, raise breaker.windowSeconds, or leave both out',
          )
        : [];
    },
  },
  {
    rule: `\`messageRetentionSeconds\` is more than ${LONGEST_OPEN} × \`breaker.openSeconds\`, the longest that a breaker holds tasks: SQS would drop them unseen.`,
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html',
    problems: ({ fields: { breaker, messageRetentionSeconds } }) =>
      breaker !== undefined &&
      messageRetentionSeconds !== undefined &&
      messageRetentionSeconds <= LONGEST_OPEN * breaker.openSeconds
        ? conflict(
            ['messageRetentionSeconds'],
            `more than the ${LONGEST_OPEN * breaker.openSeconds} s that the breaker may hold tasks`,
            messageRetentionSeconds,
            'raise it or lower breaker.openSeconds',
          )
        : [],
  },
  {
    rule: '`idempotency.seconds` is at least `visibilityTimeoutSeconds`: a task whose deletion got lost comes back after that long.',
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html',
    problems: ({ fields, given }) => {
      const { idempotency, visibilityTimeoutSeconds, timeoutSeconds, batchWindowSeconds } = fields;
      const isDefault = given.visibilityTimeoutSeconds === undefined;
      const known = timeoutSeconds !== undefined && batchWindowSeconds !== undefined && isDefault;
      const hiddenSeconds = known
        ? defaultVisibilitySeconds({ timeoutSeconds, batchWindowSeconds })
        : visibilityTimeoutSeconds;
      return idempotency !== undefined && hiddenSeconds !== undefined && idempotency.seconds < hiddenSeconds
        ? conflict(
            ['idempotency', 'seconds'],
            `visibilityTimeoutSeconds (${hiddenSeconds}) or more`,
            idempotency.seconds,
            'raise it: a day is 86400',
          )
        : [];
    },
  },
];
