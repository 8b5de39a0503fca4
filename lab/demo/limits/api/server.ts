/** The fake API: an HTTP server on 127.0.0.1 that each group has to itself, and a log of all requests. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answerTo, type Bucket, type Cause, fullBucket } from './answer.ts';
import { phaseAt, type Script } from './script.ts';

/** What a task sends. */
export interface TaskRequest {
  readonly task: number;
  /** The task's own stamp: when its handler began. Epoch milliseconds, like all that follow. */
  readonly startedAtMs: number;
}

/** One line of the API's log. */
export interface Request extends TaskRequest {
  readonly status: Answer['status'];
  readonly cause: Cause;
  readonly arrivedAtMs: number;
  readonly answeredAtMs: number;
}

/** What the API knows of a group. */
export interface ApiGroup {
  readonly name: string;
  readonly script: Script;
  /** How long it works on a request; a refusal takes no time. */
  readonly answerMs: number;
}

export interface GroupLog {
  /** The group's first request, from which its script runs. Epoch milliseconds; 0 while there is none. */
  readonly beganAtMs: number;
  readonly requests: readonly Request[];
}

export interface FakeApi {
  readonly url: string;
  log(group: string): GroupLog;
  stop(): Promise<void>;
}

interface State {
  readonly group: ApiGroup;
  readonly turns: Map<number, number>;
  readonly requests: Request[];
  beganAtMs: number;
  bucket: Bucket;
}

/** `POST /<group>` with a {@link TaskRequest}. */
export async function startFakeApi(groups: readonly ApiGroup[]): Promise<FakeApi> {
  const states = new Map(groups.map((group) => [group.name, newState(group)]));
  const server = createServer((request, response) => {
    respond(states, request).then(
      ({ status, retryAfterSeconds }) => {
        const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
        response.writeHead(status, headers).end();
      },
      (error: Error) => response.writeHead(400).end(error.message),
    );
  });
  // A consumer's process rests longer than this between two tasks; else it would find its connection closed.
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log: (group) => {
      const { beganAtMs, requests } = states.get(group) ?? { beganAtMs: 0, requests: [] };
      return { beganAtMs, requests };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function newState(group: ApiGroup): State {
  const { mood } = group.script[0];
  const bucket = fullBucket(mood.kind === 'allows' ? mood.perSecond : 0);
  return { group, turns: new Map(), requests: [], beganAtMs: 0, bucket };
}

async function respond(states: ReadonlyMap<string, State>, request: IncomingMessage): Promise<Answer> {
  const arrivedAtMs = Date.now();
  const state = states.get(new URL(request.url ?? '', 'http://api').pathname.slice(1));
  const task = await bodyOf(request);
  if (state === undefined) throw new Error(`no such group: ${request.url}`);
  state.beganAtMs ||= arrivedAtMs;
  const answer = decide(state, task, arrivedAtMs);
  if (answer.cause === 'served' || answer.cause === 'chance') await sleep(state.group.answerMs);
  const { status, cause } = answer;
  state.requests.push({ ...task, status, cause, arrivedAtMs, answeredAtMs: Date.now() });
  return answer;
}

function decide(state: State, { task }: TaskRequest, arrivedAtMs: number): Answer {
  const { group, turns } = state;
  const nowMs = arrivedAtMs - state.beganAtMs;
  const turn = (turns.get(task) ?? 0) + 1;
  const now = phaseAt(group.script, nowMs);
  const { answer, bucket } = answerTo({ group: group.name, task, turn, nowMs }, now, state.bucket);
  state.bucket = bucket;
  if (answer.cause === 'served' || answer.cause === 'chance') turns.set(task, turn);
  return answer;
}

async function bodyOf(request: IncomingMessage): Promise<TaskRequest> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const { task, startedAtMs } = JSON.parse(text) as TaskRequest;
  return { task, startedAtMs };
}
