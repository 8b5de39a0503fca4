import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desk } from '../../views/desk.ts';
import type { SessionAnswer } from '../wire.ts';
import { ACTIONS, CHANGING } from './actions.ts';
import { readBody } from './body.ts';
import type { Assets } from './build-page.ts';
import { faultAnswer } from './faults.ts';
import { admits, type Door, judge, ONCE_MS, sessionCookie } from './guard.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { createLiveHub, type LiveHub } from './live/hub.ts';
import { streamTo } from './live/stream.ts';
import { matchRoute } from './routes.ts';

export interface UiServer {
  /** For people: its fragment lets browsers in as long as the server runs, and is in no log. */
  readonly url: string;
  /** To be handed to a program: it lets in once and soon, for others may see what a program is started with. */
  urlForOnce(): string;
  close(): Promise<void>;
}

const SECRET_BYTES = 24;
/** Rows that a page may say it shows. */
const MOST_IN_SIGHT = 500;

/**
 * Serves the page to this machine alone.
 * @param port 0 for one that is free
 * @param schema of the config record, JSON
 */
export async function serveUi(desk: Desk, assets: Assets, schema: string, port = 0): Promise<UiServer> {
  const hub = createLiveHub(desk, Date.now);
  const secret = () => randomBytes(SECRET_BYTES).toString('base64url');
  const onceTokens = new Map<string, number>();
  const door = { port, token: secret(), onceTokens, session: secret(), key: secret() };
  const server = createServer((request, response) => {
    answer({ desk, assets, schema, hub, door }, request, response).catch((error: unknown) => {
      const { status, fault } = faultAnswer(error);
      if (response.headersSent) response.destroy();
      else send(response, status, fault);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  door.port = (server.address() as AddressInfo).port;
  return {
    url: addressOf(door.port, door.token),
    urlForOnce: () => {
      const token = secret();
      onceTokens.set(token, Date.now() + ONCE_MS);
      return addressOf(door.port, token);
    },
    close: async () => {
      hub.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function addressOf(port: number, token: string): string {
  return `http://127.0.0.1:${port}/#token=${token}`;
}

interface Parts {
  readonly desk: Desk;
  readonly assets: Assets;
  readonly schema: string;
  readonly hub: LiveHub;
  readonly door: Door;
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', headers } = request;
  const target = targetOf(request.url ?? '/');
  const judged = judge({ method, path: target?.pathname ?? '', headers }, parts.door);
  if (judged.kind === 'refused') return refuse(response, judged.status, judged.why);
  if (target === undefined) return refuse(response, 400, 'a request must be for a path, as /api/stage');
  const { pathname: path, searchParams: query } = target;

  const asset = parts.assets.get(path);
  if (asset !== undefined && (method === 'GET' || method === 'HEAD')) {
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': asset.type });
    response.end(asset.content);
    return;
  }
  const route = matchRoute(method, path);
  if (route.kind !== 'route') return refuse(response, route.kind === 'method' ? 405 : 404, `no ${path} here`);
  const { name, id } = route;
  if (name === 'live') return streamTo(parts.hub, request, response);
  if (name === 'schema') return sendJson(response, 200, parts.schema);

  const body = await readBody(request);
  if (name === 'session') return letIn(response, parts.door, body.token);
  if (name === 'visible') {
    if (typeof body.client === 'string') parts.hub.see(body.client, idsOf(body.pipelineIds));
    return send(response, 200, {});
  }
  send(response, 200, (await ACTIONS[name](parts.desk, { id, query, body })) ?? {});
  if (CHANGING.includes(name)) parts.hub.changed();
}

/** A path that begins with two slashes is one, too, not another server's name. */
function targetOf(url: string): URL | undefined {
  return url.startsWith('/') ? (URL.parse(`http://here${url}`) ?? undefined) : undefined;
}

function letIn(response: ServerResponse, door: Door, token: unknown): void {
  if (!admits(door, token, Date.now())) {
    refuse(response, 401, 'this address is used up or of another start: open the one that was printed last');
    return;
  }
  response.setHeader('set-cookie', sessionCookie(door));
  send(response, 200, { key: door.key } satisfies SessionAnswer);
}

function idsOf(value: unknown): readonly string[] {
  const ids = Array.isArray(value) ? value : [];
  return ids.filter((id) => typeof id === 'string').slice(0, MOST_IN_SIGHT);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  send(response, status, { code: status === 401 ? 'SignedOut' : 'Refused', message, problems: [] });
}

function send(response: ServerResponse, status: number, value: unknown): void {
  sendJson(response, status, JSON.stringify(value));
}

function sendJson(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'application/json; charset=utf-8' });
  response.end(json);
}
