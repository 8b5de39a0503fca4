import type { IncomingMessage, ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from '../headers.ts';
import type { LiveHub, Tell } from './hub.ts';

/** A line now and then, so that both sides notice when the other is gone. */
const ALIVE_MS = 15_000;
/** How long the browser waits before it comes again. */
const AGAIN_MS = 2_000;

/** Keeps a page up to date by server-sent events, until it goes: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function streamTo(hub: LiveHub, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' });
  response.write(`retry: ${AGAIN_MS}\n\n`);
  const tell: Tell = (name, data) => {
    response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const leave = hub.join(tell);
  const alive = setInterval(() => response.write(': \n\n'), ALIVE_MS);
  request.once('close', () => {
    clearInterval(alive);
    leave();
  });
}
