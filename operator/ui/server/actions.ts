import type { Desk } from '../../views/desk.ts';
import { BadRequest } from './faults.ts';
import { pipelineAnswer } from './pipeline-answer.ts';
import type { ROUTES, RouteName } from './routes.ts';

/** A request that was let in. */
export interface Request {
  /** Of the path. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is a matter of the server, not of the stage. */
type OwnRoute = 'session' | 'schema' | 'live' | 'visible';

type Act = (desk: Desk, request: Request) => Promise<unknown>;

const HOUR_MS = 3_600_000;
const LONGEST_MINUTES = 24 * 60;

/** What each request asks of the desk. */
export const ACTIONS: Readonly<Record<Exclude<RouteName, OwnRoute>, Act>> = {
  stage: async ({ stage, region, isLocal }) => ({ stage, region, isLocal }),
  check: (desk, { body }) => desk.check(body.record),
  pipeline: async (desk, { id, query }) =>
    pipelineAnswer(await desk.show(id, query.get('values') === 'shown')),
  put: (desk, { id, body }) => {
    const record = mapOf(body.record, 'record');
    if (record.pipelineId !== id) throw new BadRequest(400, `the record must be that of ${id}`);
    const { standing } = body;
    // Nothing is put unseen.
    if (typeof standing !== 'string')
      throw new BadRequest(400, 'standing must be what the record was shown with');
    return desk.put(record, standing);
  },
  remove: (desk, { id }) => desk.remove(id),
  pause: (desk, { id, body }) => desk.setPaused(id, body.isPaused === true),
  breaker: (desk, { id, body }) => desk.forceBreaker(id, oneOf(body.to, ['open', 'closed', 'auto'], 'to')),
  outlook: (desk, { id }) => desk.outlook(id),
  purge: (desk, { id, body }) => desk.purge(id, oneOf(body.queue, ['tasks', 'deadLetters'], 'queue')),
  curves: (desk, { id, query }) => desk.curves(id, numberOf(query, 'minutes', 60, LONGEST_MINUTES)),
  deadLetters: (desk, { id }) => desk.deadLetters(id),
  redrive: (desk, { id, body }) => desk.redrive(id, body),
  bursts: (desk, { query }) => desk.bursts(query.get('pipeline') ?? undefined),
  send: (desk, { body }) => desk.send(body),
  burst: (desk, { id }) => desk.burst(id),
  steerBurst: (desk, { id, body }) => desk.steerBurst(id, body),
  rollouts: (desk, { query }) => desk.rollouts(query.get('codeKey') ?? undefined),
  steerRollout: (desk, { body }) => {
    const action = oneOf(body.action, ['pause', 'resume', 'abort', 'rollback', 'retry'], 'action');
    return desk.steerRollout({
      action,
      ...textOf(body, 'codeKey'),
      ...textOf(body, 'version'),
      ...textOf(body, 'reason'),
    });
  },
  events: (desk, { query }) => desk.events(sinceOf(query), query.get('pipeline') ?? undefined),
};

/** Those after which rows look different: they are read again at once. */
export const CHANGING: readonly (keyof typeof ROUTES)[] = [
  'put',
  'remove',
  'pause',
  'breaker',
  'purge',
  'redrive',
  'send',
  'steerBurst',
  'steerRollout',
];

function mapOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new BadRequest(400, `${name} must be a map`);
}

function oneOf<const T extends string>(value: unknown, allowed: readonly T[], name: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new BadRequest(400, `${name} must be ${allowed.join(', ')}`);
  return found;
}

function textOf<const Name extends string>(
  body: Readonly<Record<string, unknown>>,
  name: Name,
): { readonly [Key in Name]?: string } {
  const value = body[name];
  return (typeof value === 'string' ? { [name]: value } : {}) as { readonly [Key in Name]?: string };
}

function numberOf(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const value = Number(query.get(name) ?? fallback);
  if (!Number.isFinite(value) || value <= 0) throw new BadRequest(400, `${name} must be a number above 0`);
  return Math.min(value, most);
}

/** Epoch milliseconds; without it the last hour. */
function sinceOf(query: URLSearchParams): number {
  const value = Number(query.get('since') ?? Date.now() - HOUR_MS);
  if (!Number.isFinite(value)) throw new BadRequest(400, 'since must be epoch milliseconds');
  return value;
}
