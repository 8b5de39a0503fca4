import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** Stands between the functions' Lambda clients and the emulator, and writes down every request. */
export interface CountingProxy {
  readonly url: string;
  readonly requests: readonly Request[];
  /** Where the requests go; known only once the emulator is up. */
  forwardTo(port: number): void;
  stop(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function startCountingProxy(): Promise<CountingProxy> {
  const requests: Request[] = [];
  let target: number | undefined;
  const server = createServer((incoming, reply) => {
    const { method = 'GET', url = '/', headers } = incoming;
    requests.push({ method, path: url.replace(/\?.*$/, '') });
    const outgoing = request({ host: '127.0.0.1', port: target, method, path: url, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    outgoing.on('error', (error) => reply.destroy(error));
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    forwardTo: (port) => {
      target = port;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Requests that change a function or a mapping. An invocation is not the control plane's. */
export function isChange({ method, path }: Request): boolean {
  return method !== 'GET' && !path.endsWith('/invocations') && !path.endsWith('/invoke-async');
}

/** Looks at one mapping. */
export function isMappingPoll({ method, path }: Request): boolean {
  return method === 'GET' && /\/event-source-mappings\/[^/]+$/.test(path);
}
