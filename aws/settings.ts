import * as z from 'zod';
import { LAMBDA_CONTROL_PLANE_PER_SECOND } from '../core/aws-limits.ts';
import { CONSUMER_HANDLER } from '../core/consumer-code.ts';
import { STAGE_PATTERN } from '../core/names.ts';
import { type Problem, problemMessage, shorten } from '../core/problems.ts';
import { ROLLOUT_SETTINGS, rolloutSettingsSchema } from '../core/release/rollout-settings.ts';
import { AWS_TIMINGS, type StageSettings } from '../core/stage-settings.ts';
import { arn, choice, list, name, number, numbers } from './variables.ts';

/** What a function is told about its stage: the stage's settings, and where its own things are. */
export interface Settings extends StageSettings {
  readonly pipelinesTable: string;
  readonly statusTable: string;
  readonly ledgersTable: string;
  readonly releasesTable: string;
  /** Tasks of bursts that wait to be sent. */
  readonly burstBucket: string;
  /** Only in functions that start executions of it. */
  readonly lifecycleArn?: string;
  /** Only in functions that start executions of it. */
  readonly rolloutArn?: string;
  /** Only in functions that start executions of it. */
  readonly redriveArn?: string;
  /** Only in functions that start executions of it. */
  readonly burstArn?: string;
}

/** A function's environment variables are missing or wrong: all of them at once. No retry can help. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'BadSettings';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(['the environment of this function is wrong:', ...problems.map(problemMessage)].join('\n  '));
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a function's environment variables: `readSettings(process.env)`. An empty variable counts as absent.
 * @throws {SettingsError}
 */
export function readSettings(environment: Environment): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = variables.safeParse(given);
  const seconds = timings.variables.safeParse(given);
  const releases = rollout.variables.safeParse(given);
  const problems = [
    ...problemsOf(read.error, variables, given),
    ...problemsOf(seconds.error, timings.variables, given),
    ...problemsOf(releases.error, rollout.variables, given),
  ];
  if (!read.success || !seconds.success || !releases.success) throw new SettingsError(problems);
  const settings = {
    ...toSettings(read.data),
    timings: timings.settingsOf(seconds.data),
    rollout: rollout.settingsOf(releases.data),
  };
  const conflicts = conflictsOf(settings, given);
  if (conflicts.length > 0) throw new SettingsError(conflicts);
  return settings;
}

const variables = z.object({
  SLUICE_STAGE: z.string().regex(STAGE_PATTERN).describe('1 to 10 lower-case letters and digits'),
  PIPELINES_TABLE: name,
  STATUS_TABLE: name,
  LEDGERS_TABLE: name,
  RELEASES_TABLE: name,
  FLOW_TABLE: name,
  HOLDS_TABLE: name,
  BURSTS_TABLE: name,
  CODE_BUCKET: name,
  SALVAGE_BUCKET: name,
  BURST_BUCKET: name,
  LIFECYCLE_ARN: arn('states', 'stateMachine:').optional().describe('the ARN of a state machine'),
  ROLLOUT_ARN: arn('states', 'stateMachine:').optional().describe('the ARN of a state machine'),
  REDRIVE_ARN: arn('states', 'stateMachine:').optional().describe('the ARN of a state machine'),
  BURST_ARN: arn('states', 'stateMachine:').optional().describe('the ARN of a state machine'),
  CONSUMER_ROLE_ARN: arn('iam', 'role/'),
  CONSUMER_LOG_GROUP: name,
  CONSUMER_RUNTIME: z.string().default('nodejs24.x').describe("one of Lambda's runtimes"),
  CONSUMER_ARCHITECTURE: choice(['arm64', 'x86_64'], 'arm64'),
  CONSUMER_HANDLER: z.string().default(CONSUMER_HANDLER).describe('file.export'),
  CONSUMER_LAYERS: list,
  CONSUMER_SUBNET_IDS: list,
  CONSUMER_SECURITY_GROUP_IDS: list,
  CONSUMER_TRACING: choice(['true', 'false'], 'false'),
  CONTROL_PLANE_PER_SECOND: number(10, z.number().min(0.1).max(LAMBDA_CONTROL_PLANE_PER_SECOND)),
  ORPHANS: choice(['report', 'drain'], 'report'),
  RECONCILE_SLICE: number(400, z.number().min(1).max(1000)),
  HEALTH_SOURCE: choice(['metrics', 'logs'], 'metrics'),
  LATE_SECONDS: number(3600, z.number().int().min(60).max(1_209_600)),
  KEEP_RELEASES: number(10, z.number().int().min(1).max(1000)),
  RESTS_FOR_CODE: choice(['true', 'false'], 'false'),
});

const DAY_SECONDS = 86_400;

const timings = numbers(AWS_TIMINGS, '', () => z.number().min(0).max(DAY_SECONDS));

/** What the names of a rollout's variables begin with. */
export const ROLLOUT_PREFIX = 'ROLLOUT_';

const rollout = numbers(ROLLOUT_SETTINGS, ROLLOUT_PREFIX, (setting) => rolloutSettingsSchema.shape[setting]);

function toSettings(read: z.output<typeof variables>): Omit<Settings, 'timings' | 'rollout'> {
  return {
    stage: read.SLUICE_STAGE,
    pipelinesTable: read.PIPELINES_TABLE,
    statusTable: read.STATUS_TABLE,
    ledgersTable: read.LEDGERS_TABLE,
    releasesTable: read.RELEASES_TABLE,
    burstBucket: read.BURST_BUCKET,
    salvageBucket: read.SALVAGE_BUCKET,
    ...(read.LIFECYCLE_ARN === undefined ? {} : { lifecycleArn: read.LIFECYCLE_ARN }),
    ...(read.ROLLOUT_ARN === undefined ? {} : { rolloutArn: read.ROLLOUT_ARN }),
    ...(read.REDRIVE_ARN === undefined ? {} : { redriveArn: read.REDRIVE_ARN }),
    ...(read.BURST_ARN === undefined ? {} : { burstArn: read.BURST_ARN }),
    consumers: {
      stage: read.SLUICE_STAGE,
      roleArn: read.CONSUMER_ROLE_ARN,
      codeBucket: read.CODE_BUCKET,
      flowTable: read.FLOW_TABLE,
      holdsTable: read.HOLDS_TABLE,
      burstsTable: read.BURSTS_TABLE,
      logGroup: read.CONSUMER_LOG_GROUP,
      runtime: read.CONSUMER_RUNTIME,
      architecture: read.CONSUMER_ARCHITECTURE,
      handler: read.CONSUMER_HANDLER,
      layers: read.CONSUMER_LAYERS,
      subnetIds: read.CONSUMER_SUBNET_IDS,
      securityGroupIds: read.CONSUMER_SECURITY_GROUP_IDS,
      tracing: read.CONSUMER_TRACING === 'true',
    },
    controlPlanePerSecond: read.CONTROL_PLANE_PER_SECOND,
    orphans: read.ORPHANS,
    reconcileSlice: Math.round(read.RECONCILE_SLICE),
    healthSource: read.HEALTH_SOURCE,
    lateSeconds: read.LATE_SECONDS,
    keepReleases: read.KEEP_RELEASES,
    restsForCode: read.RESTS_FOR_CODE === 'true',
  };
}

/** The machine's Tasks time out at 75 s, and a function has to be over before that. */
const LONGEST_STEP_SECONDS = 70;

/** What no single variable shows. */
function conflictsOf({ timings: t, consumers }: Settings, given: Environment): Problem[] {
  const conflicts: Problem[] = [];
  const add = (path: string, allowed: string, hint: string) =>
    conflicts.push({ path, code: 'Conflict', allowed, given: givenText(given[path]), hint });
  if (t.leaseSeconds <= t.stepSeconds + t.longestWaitSeconds) {
    const least = t.stepSeconds + t.longestWaitSeconds;
    add(
      'LEASE_SECONDS',
      `more than STEP_SECONDS and LONGEST_WAIT_SECONDS together (${least})`,
      'a lease that ends before its holder comes back lets in a second writer',
    );
  }
  if (t.stepSeconds <= t.callSeconds) {
    add('STEP_SECONDS', `more than CALL_SECONDS (${t.callSeconds})`, 'no step could make a call');
  }
  if (t.stepSeconds > LONGEST_STEP_SECONDS) {
    add(
      'STEP_SECONDS',
      `at most ${LONGEST_STEP_SECONDS}`,
      'a Task of the machine would time out before its function',
    );
  }
  if (t.restHoldSeconds <= t.wakeLeadSeconds) {
    add(
      'REST_HOLD_SECONDS',
      `more than WAKE_LEAD_SECONDS (${t.wakeLeadSeconds})`,
      'a consumer would be woken before it rests',
    );
  }
  if (consumers.subnetIds.length > 0 !== consumers.securityGroupIds.length > 0) {
    add(
      'CONSUMER_SECURITY_GROUP_IDS',
      'given together with CONSUMER_SUBNET_IDS or not at all',
      'a function in a VPC needs both',
    );
  }
  return conflicts;
}

function problemsOf(error: z.ZodError | undefined, schema: z.ZodObject, given: Environment): Problem[] {
  const paths = new Set((error?.issues ?? []).map((issue) => String(issue.path[0])));
  return [...paths].map((path) => ({
    path,
    code: given[path] === undefined ? 'Missing' : 'NotAllowed',
    allowed: (schema.shape[path] as z.ZodType).description ?? 'given',
    given: givenText(given[path]),
    hint: 'serverless.yml sets it for every function',
  }));
}

function givenText(value: string | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(shorten(value, 80));
}
