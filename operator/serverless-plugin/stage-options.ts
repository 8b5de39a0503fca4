import * as z from 'zod';
import { ROLLOUT_PREFIX, readSettings, SettingsError } from '../../aws/settings.ts';
import { variableName } from '../../aws/variables.ts';
import { STAGE_PATTERN } from '../../core/names.ts';
import { problemMessage } from '../../core/problems.ts';
import { ROLLOUT_SETTINGS } from '../../core/release/rollout-settings.ts';
import { AWS_TIMINGS } from '../../core/stage-settings.ts';

const texts = z.array(z.string());
const percent = z.number().min(0).max(100);

/** Their ranges are those of the variables that they become. */
function numbersNamedAs(settings: object) {
  return z.strictObject(Object.fromEntries(Object.keys(settings).map((name) => [name, z.number()])));
}

/** `custom.sluice`: a stage's settings as stages.yml has them. All are there, by way of `default`. */
const stageOptions = z.strictObject({
  logRetentionDays: z.number(),
  tracing: z.boolean(),
  alarmTopics: texts,
  alarms: z.strictObject({
    concurrency: z.number().min(1),
    errorPercent: percent,
    successPercent: percent,
    minTasks: z.number().int().min(1),
    oldestTaskSeconds: z.number(),
  }),
  sourceBuckets: z.array(
    z.string().regex(/^arn:[a-z-]+:s3:::[a-z0-9.-]{3,63}$/, 'must be the ARN of a bucket'),
  ),
  controlPlanePerSecond: z.number(),
  orphans: z.enum(['report', 'drain']),
  reconcileSlice: z.number(),
  consumers: z.strictObject({
    runtime: z.string(),
    architecture: z.enum(['arm64', 'x86_64']),
    layers: texts.max(5),
    subnetIds: texts,
    securityGroupIds: texts,
    statements: z.array(z.record(z.string(), z.unknown())),
    parameters: z.string().startsWith('/'),
    secrets: z.string(),
  }),
  rollout: numbersNamedAs(ROLLOUT_SETTINGS),
  healthSource: z.enum(['metrics', 'logs']),
  keepReleases: z.number(),
  restsForCode: z.boolean(),
  timings: numbersNamedAs(AWS_TIMINGS),
});

export type StageOptions = z.infer<typeof stageOptions>;

/**
 * What is wrong with a stage's name and settings, everything at once; empty if all is well.
 * @param stage a stage named `pipe` would have own resources that look like another stage's pipelines
 */
export function checkStage(stage: string, options: unknown): readonly string[] {
  if (!STAGE_PATTERN.test(stage) || stage === 'pipe') {
    return [`stage must be 1 to 10 lower-case letters and digits, and not "pipe", got "${stage}"`];
  }
  const read = stageOptions.safeParse(options);
  if (!read.success) {
    return read.error.issues.map(({ path, message }) => `stages.yml, ${path.join('.') || stage}: ${message}`);
  }
  try {
    readSettings(stageVariables(stage, read.data, { accountId: '000000000000', region: 'us-east-1' }));
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map((problem) => `stages.yml, ${problemMessage(problem)}`);
  }
}

/** The environment of a stage's functions, with the names that the stack gives to what it makes. */
export function stageVariables(
  stage: string,
  options: StageOptions,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): Record<string, string> {
  const { consumers, rollout, timings } = options;
  const own = `sluice-${stage}`;
  return {
    SLUICE_STAGE: stage,
    PIPELINES_TABLE: `${own}-pipelines`,
    STATUS_TABLE: `${own}-status`,
    LEDGERS_TABLE: `${own}-ledgers`,
    RELEASES_TABLE: `${own}-releases`,
    FLOW_TABLE: `${own}-flow`,
    HOLDS_TABLE: `${own}-holds`,
    BURSTS_TABLE: `${own}-bursts`,
    CODE_BUCKET: `${own}-code-${accountId}-${region}`,
    SALVAGE_BUCKET: `${own}-salvage-${accountId}-${region}`,
    BURST_BUCKET: `${own}-bursts-${accountId}-${region}`,
    CONSUMER_ROLE_ARN: `arn:aws:iam::${accountId}:role/${own}-consumer`,
    CONSUMER_LOG_GROUP: `/sluice/${stage}/consumers`,
    CONSUMER_RUNTIME: consumers.runtime,
    CONSUMER_ARCHITECTURE: consumers.architecture,
    CONSUMER_LAYERS: consumers.layers.join(),
    CONSUMER_SUBNET_IDS: consumers.subnetIds.join(),
    CONSUMER_SECURITY_GROUP_IDS: consumers.securityGroupIds.join(),
    CONSUMER_TRACING: String(options.tracing),
    CONTROL_PLANE_PER_SECOND: String(options.controlPlanePerSecond),
    ORPHANS: options.orphans,
    RECONCILE_SLICE: String(options.reconcileSlice),
    HEALTH_SOURCE: options.healthSource,
    LATE_SECONDS: String(options.alarms.oldestTaskSeconds),
    KEEP_RELEASES: String(options.keepReleases),
    RESTS_FOR_CODE: String(options.restsForCode),
    ...oneEach(rollout, ROLLOUT_PREFIX),
    ...oneEach(timings),
  };
}

function oneEach(numbers: Readonly<Record<string, number>>, prefix?: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [variableName(name, prefix), String(value)]),
  );
}
