/** What each field takes and refuses: the values at its ends, those just outside, and those of another type. */
export interface FieldCases {
  readonly takes: readonly unknown[];
  /** Too small, too large or of the wrong form. */
  readonly refuses: readonly unknown[];
  readonly wrongTypes: readonly unknown[];
  /** Values that only this program refuses: a JSON Schema cannot say why. */
  readonly refusesBeyondSchema?: readonly unknown[];
}

const notNumbers = ['7', true, null, [7], { value: 7 }, new Set([7]), new Uint8Array(2), 1.5, Number.NaN];
const notText = [7, true, null, ['a'], { a: 'b' }, new Set(['a']), new Uint8Array(2)];

function integers(lowest: number, highest?: number): FieldCases {
  const takes = highest === undefined ? [lowest, Number.MAX_SAFE_INTEGER] : [lowest, highest];
  const above = highest === undefined ? 2 ** 53 : highest + 1;
  return { takes, refuses: [lowest - 1, above, -lowest - 1], wrongTypes: notNumbers };
}

const booleans: FieldCases = {
  takes: [true, false],
  refuses: [],
  wrongTypes: ['true', 'yes', 1, 0, null, [true], {}],
};

const id40 = 'a'.repeat(40);

export const fieldCases: Readonly<Record<string, FieldCases>> = {
  pipelineId: {
    takes: ['a', '7', id40, 'customer-42_b', 'A-dlq-b', 'dlq'],
    refuses: ['', `${id40}a`, '-a', '_a', 'a b', 'a.b', 'ä', 'a-dlq', 'a\n'],
    wrongTypes: notText,
  },
  concurrency: integers(1, 1000),
  rateLimit: {
    takes: [
      { tasks: 1, perSeconds: 1 },
      { tasks: 1_000_000, perSeconds: 2_678_400 },
      [{ tasks: 1, perSeconds: 1 }],
      Array.from({ length: 10 }, (_, index) => ({ tasks: 5, perSeconds: index + 1 })),
    ],
    refuses: [
      {},
      { tasks: 1 },
      { tasks: 0, perSeconds: 1 },
      { tasks: 1, perSeconds: 0 },
      { tasks: 1, perSeconds: 2_678_401 },
      { tasks: 1, perSeconds: 0.5 },
      { tasks: '1', perSeconds: 1 },
      { tasks: 1, perSeconds: 1, burst: 2 },
      [],
      [{ tasks: 1 }],
      [[]],
      Array.from({ length: 11 }, (_, index) => ({ tasks: 5, perSeconds: index + 1 })),
    ],
    wrongTypes: ['10/s', 10, true, null, new Set([1]), new Uint8Array(2)],
  },
  batchSize: { ...integers(1, 10_000), takes: [1, 10] },
  batchWindowSeconds: integers(0, 300),
  timeoutSeconds: integers(1, 900),
  memoryMb: integers(128, 10_240),
  environment: {
    takes: [
      {},
      { Ab: '' },
      { A1_b: 'ü', TZ: 'Europe/Berlin', aws_region: 'lower case is not reserved' },
      { SSM: 'ssm:/a', DEEP: `ssm:${'/a'.repeat(15)}`, OTHER: 'ssmx:/', URL: 'https://ssm:/' },
      { NAME: 'secret:a/b@c', ARN: 'secret:arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/b-Ab12Cd' },
      { LONG: `secret:${'a'.repeat(512)}` },
      { AB: 'x'.repeat(3070) },
      { AB: '"'.repeat(1596) },
    ],
    refuses: [
      { A: 'one letter' },
      { '1A': 'x' },
      { 'A-B': 'x' },
      { _HANDLER: 'x' },
      { SLUICE_STAGE: 'x' },
      { AWS_REGION: 'x' },
      { LAMBDA_TASK_ROOT: 'x' },
      { LAMBDA_RUNTIME_DIR: 'x' },
      { AB: 7 },
      { AB: true },
      { AB: null },
      { AB: ['x'] },
    ],
    refusesBeyondSchema: [
      { AB: 'x'.repeat(3071) },
      { AB: '"'.repeat(1597) },
      { AB: 'ü'.repeat(1536) },
      { AB: 'ssm:a' },
      { AB: 'ssm:/' },
      { AB: 'ssm:/a//b' },
      { AB: `ssm:${'/a'.repeat(16)}` },
      { AB: 'secret:' },
      { AB: 'secret:a b' },
      { AB: `secret:${'a'.repeat(513)}` },
      { AB: `ssm:/${'a'.repeat(1011)}` },
      { AB: 'secret:arn:aws:s3:::bucket' },
    ],
    wrongTypes: ['A=1', 7, null, [['A', '1']], new Map([['AB', 'x']]), new Set(['AB'])],
  },
  visibilityTimeoutSeconds: { ...integers(1, 43_200), takes: [30, 43_200] },
  maxAttempts: integers(1, 100),
  maxReceiveCount: { ...integers(1, 1000), takes: [5, 1000] },
  messageRetentionSeconds: integers(60, 1_209_600),
  breaker: {
    takes: [
      {},
      { failureShare: 0.01, windowSeconds: 10, minTasks: 1, openSeconds: 1, probes: 1 },
      { failureShare: 1, windowSeconds: 3600, minTasks: 100_000, openSeconds: 3600, probes: 100 },
      { failureShare: 0.333 },
      { force: 'open' },
      { force: 'closed' },
    ],
    refuses: [
      { failureShare: 0.009 },
      { failureShare: 1.01 },
      { failureShare: '0.5' },
      { failureShare: Number.NaN },
      { windowSeconds: 9 },
      { windowSeconds: 3601 },
      { windowSeconds: 60.5 },
      { minTasks: 0 },
      { minTasks: 100_001 },
      { openSeconds: 0 },
      { openSeconds: 3601 },
      { probes: 0 },
      { probes: 101 },
      { force: 'Open' },
      { force: true },
      { odd: 1 },
    ],
    wrongTypes: ['on', true, 1, null, [{}], new Set([1])],
  },
  idempotency: {
    takes: [
      { key: '$', seconds: 2_592_000 },
      { key: 'order.id', seconds: 180 },
      { key: 'a', seconds: 86_400 },
      { key: 'items.0.@id', seconds: 86_400 },
      { key: 'x-y:z_1', seconds: 86_400 },
      { key: 'k'.repeat(128), seconds: 86_400 },
    ],
    refuses: [
      {},
      { key: 'id' },
      { seconds: 86_400 },
      { key: '', seconds: 86_400 },
      { key: '$.id', seconds: 86_400 },
      { key: '$$', seconds: 86_400 },
      { key: '.id', seconds: 86_400 },
      { key: 'order.', seconds: 86_400 },
      { key: 'order..id', seconds: 86_400 },
      { key: 'order["id"]', seconds: 86_400 },
      { key: 'order id', seconds: 86_400 },
      { key: 'ä', seconds: 86_400 },
      { key: 'id\n', seconds: 86_400 },
      { key: 'k'.repeat(129), seconds: 86_400 },
      { key: 7, seconds: 86_400 },
      { key: 'id', seconds: 0 },
      { key: 'id', seconds: 2_592_001 },
      { key: 'id', seconds: 1800.5 },
      { key: 'id', seconds: 86_400, odd: 1 },
    ],
    refusesBeyondSchema: [{ key: 'id', seconds: 179 }],
    wrongTypes: ['order.id', true, 1, null, [{}], new Set([1])],
  },
  maxBacklog: integers(1),
  paused: booleans,
  restWhenIdleSeconds: integers(300),
  spread: {
    takes: [
      { minSeconds: 0, maxSeconds: 0 },
      { minSeconds: 0, maxSeconds: 86_400 },
      { minSeconds: 86_400, maxSeconds: 86_400 },
      { maxConcurrency: 1 },
      { maxConcurrency: 1000 },
      { finishWithinSeconds: 1 },
      { finishWithinSeconds: 86_400 },
    ],
    refuses: [
      {},
      { minSeconds: 0 },
      { maxSeconds: 9 },
      { minSeconds: -1, maxSeconds: 9 },
      { minSeconds: 0, maxSeconds: 86_401 },
      { maxConcurrency: 0 },
      { maxConcurrency: 1001 },
      { finishWithinSeconds: 0 },
      { finishWithinSeconds: 86_401 },
      { minSeconds: 0, maxSeconds: 9, maxConcurrency: 3 },
      { maxConcurrency: 3, finishWithinSeconds: 9 },
      { maxConcurrency: 3, odd: 1 },
      { odd: 1 },
      { maxConcurrency: '3' },
    ],
    refusesBeyondSchema: [{ minSeconds: 9, maxSeconds: 8 }],
    wrongTypes: ['600', 600, true, null, [0, 600], new Set([1])],
  },
  onDelete: {
    takes: ['drain', 'discard'],
    refuses: ['', 'Drain', 'keep'],
    wrongTypes: [7, true, null, ['drain'], {}],
  },
  drainTimeoutSeconds: integers(0, 86_400),
  codeKey: {
    takes: ['a', 'consumer.zip', 'team/a/consumer.zip', 'x'.repeat(1024), 'ü'.repeat(512)],
    refuses: ['', '/consumer.zip'],
    refusesBeyondSchema: ['x'.repeat(1025), 'ü'.repeat(513), 'a\ud800'],
    wrongTypes: notText,
  },
  codeVersion: {
    takes: ['a', 'x'.repeat(1024), '3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo'],
    refuses: ['', 'x'.repeat(1025), 'a b'],
    wrongTypes: notText,
  },
  canary: booleans,
  progress: booleans,
  expiresAt: {
    takes: [1_000_000_000, 1_893_456_000, 9_999_999_999],
    refuses: [0, 3600, 999_999_999, 10_000_000_000, 1_893_456_000_000, -1],
    wrongTypes: ['2030-01-01', '1893456000', true, null, 1_893_456_000.5, {}],
  },
};
