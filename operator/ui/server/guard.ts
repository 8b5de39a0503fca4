import { createHash, timingSafeEqual } from 'node:crypto';
import { KEY_HEADER } from '../wire.ts';

/** What of a request says who sends it. Header names are in lower case, as Node gives them. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What this start of the server goes by. */
export interface Door {
  readonly port: number;
  /** In the address that is printed; exchanged for the cookie. */
  readonly token: string;
  /** The same, each for one exchange, with the time until which it is good, epoch milliseconds. */
  readonly onceTokens: Map<string, number>;
  /** The cookie's value. */
  readonly session: string;
  /** The header's value: browsers show a cookie to every port of its host. */
  readonly key: string;
}

export type Judgement =
  | { readonly kind: 'let in' }
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 421; readonly why: string };

/** A browser asks for the page within seconds of its start; what it was started with stands in the list of processes. */
export const ONCE_MS = 60_000;
const SESSION_PATH = '/api/session';
/** An EventSource sends no header of ours; its rows hold no record. */
const LIVE_PATH = '/api/live';
const CHANGES = ['POST', 'PUT', 'DELETE', 'PATCH'];

/**
 * Whether a request comes from our own page. A foreign name that points at 127.0.0.1 has another Host; a foreign site's
 * page has another Origin, cannot send our header, and is not given our cookie.
 */
export function judge({ method, path, headers }: Asked, door: Door): Judgement {
  const hosts = [`127.0.0.1:${door.port}`, `localhost:${door.port}`];
  const host = one(headers.host)?.toLowerCase();
  if (host === undefined || !hosts.includes(host)) {
    return { kind: 'refused', status: 421, why: `this server answers ${hosts.join(' and ')} only` };
  }
  const site = one(headers['sec-fetch-site']);
  const isApi = path.startsWith('/api/');
  if (isApi && site !== undefined && site !== 'same-origin' && site !== 'none') return foreign(site);
  const origin = one(headers.origin);
  if (origin !== undefined && origin !== `http://${host}`) return foreign(origin);
  const key = one(headers[KEY_HEADER]);
  if (CHANGES.includes(method)) {
    if (origin === undefined) return { kind: 'refused', status: 403, why: 'a change needs an Origin' };
    if (key === undefined) {
      return { kind: 'refused', status: 403, why: `a change needs the header ${KEY_HEADER}` };
    }
  }
  if (!isApi || path === SESSION_PATH) return { kind: 'let in' };
  const cookie = cookieOf(one(headers.cookie), cookieName(door.port));
  const isKnown = path === LIVE_PATH || isSecret(key, door.key);
  if (isSecret(cookie, door.session) && isKnown) return { kind: 'let in' };
  return { kind: 'refused', status: 401, why: 'open the address that sluice ui has printed' };
}

function foreign(who: string): Judgement {
  return { kind: 'refused', status: 403, why: `not from this page, but from ${who}` };
}

/** Cookies of one host are shared by all of its ports: each server has a name of its own. */
export function cookieName(port: number): string {
  return `sluice-${port}`;
}

/** Of this browser session, for this server's own page and for no script. */
export function sessionCookie({ port, session }: Door): string {
  return `${cookieName(port)}=${session}; Path=/; HttpOnly; SameSite=Strict`;
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  const parts = header?.split(';').map((part) => part.trim()) ?? [];
  return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Whether a token may be exchanged for the cookie and the key; one that is for once is used up by it. */
export function admits(door: Door, token: unknown, nowMs: number): boolean {
  if (typeof token !== 'string') return false;
  const untilMs = door.onceTokens.get(token);
  door.onceTokens.delete(token);
  return isSecret(token, door.token) || (untilMs !== undefined && nowMs < untilMs);
}

/** Takes as long whether the first or the last character differs. */
function isSecret(given: string | undefined, secret: string): boolean {
  if (given === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/** A header that came twice is nobody's. */
function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
