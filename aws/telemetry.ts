import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics as EmbeddedMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Log, Metrics } from './ports.ts';

const SERVICE = 'sluice';

/** The CloudWatch namespace of Sluice's own metrics. */
export const METRIC_NAMESPACE = 'Sluice';

/** JSON lines on standard output, which Lambda brings to the function's log group. */
export function createLog(stage: string): Log {
  const logger = new Logger({ serviceName: SERVICE, persistentKeys: { stage } });
  return {
    info: (message, data) => logger.info(message, fieldsOf(data)),
    warn: (message, data) => logger.warn(message, fieldsOf(data)),
  };
}

/** A line has one message: another one is `said`. */
function fieldsOf({ message, ...fields }: Readonly<Record<string, unknown>> = {}) {
  return message === undefined ? fields : { ...fields, said: message };
}

/**
 * Counts in CloudWatch's embedded metric format. The dimensions are `service` and `stage` and no others: every
 * further value of a dimension is one more metric to pay for.
 */
export function createMetrics(stage: string): Metrics {
  const metrics = new EmbeddedMetrics({
    namespace: METRIC_NAMESPACE,
    serviceName: SERVICE,
    defaultDimensions: { stage },
  });
  return {
    count(name, value, properties = {}) {
      const one = metrics.singleMetric();
      for (const [key, property] of Object.entries(properties)) one.addMetadata(key, String(property));
      one.addMetric(name, MetricUnit.Count, value);
    },
  };
}
