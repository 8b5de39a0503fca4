import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clients, type Connection, createClients } from '../../../aws/clients.ts';

/** One HTTP request that reached the server. */
export interface Seen {
  /** As `CreateQueue`, or `POST /2015-03-31/functions` where the address says it. */
  readonly call: string;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes go as they are, the rest as JSON. */
  readonly body?: unknown;
  /** Never answers. */
  readonly hang?: boolean;
  /** Closes the connection without an answer. */
  readonly drop?: boolean;
}

export interface FakeAws {
  /** For a client that is none of a stage's. */
  readonly connection: Connection;
  readonly clients: Clients;
  readonly seen: Seen[];
  /** Of what was seen, in the same order. */
  readonly headers: IncomingHttpHeaders[];
  /** What the next requests are answered; after them, an empty success. */
  replyWith(...replies: readonly Reply[]): void;
  stop(): Promise<void>;
}

/** A server that counts what comes over the wire and answers as told. */
export async function startFakeAws(callMs: number): Promise<FakeAws> {
  const seen: Seen[] = [];
  const headersSeen: IncomingHttpHeaders[] = [];
  const replies: Reply[] = [];
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request);
    headersSeen.push(request.headers);
    seen.push({ call: callOf(request), body: text === '' ? undefined : parsed(text) });
    const { status = 200, headers = {}, body = {}, hang, drop } = replies.shift() ?? {};
    if (hang) return;
    if (drop) {
      request.socket.destroy();
      return;
    }
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    response.writeHead(status, {
      'x-amzn-requestid': 'request-1',
      'content-type': isRaw ? 'application/xml' : 'application/x-amz-json-1.0',
      ...headers,
    });
    response.end(
      status === 204 || request.method === 'HEAD' ? undefined : isRaw ? body : JSON.stringify(body),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const connection = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    accessKeyId: 'id',
    secretAccessKey: 'secret',
  };
  const clients = createClients({ callMs, connection });
  return {
    connection,
    clients,
    seen,
    headers: headersSeen,
    replyWith: (...next) => replies.splice(0, replies.length, ...next),
    async stop() {
      for (const client of Object.values(clients)) client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An error as Lambda's protocol has it. */
export function lambdaError(status: number, code: string, message: string): Reply {
  return { status, headers: { 'x-amzn-errortype': code }, body: { Type: 'User', message, Message: message } };
}

/** An error as the JSON protocols of SQS, DynamoDB and Step Functions have it. */
export function jsonError(code: string, message: string, more: object = {}): Reply {
  return { status: 400, body: { __type: `com.amazonaws#${code}`, message, ...more } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function callOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  return `${request.method} ${request.url}`;
}
