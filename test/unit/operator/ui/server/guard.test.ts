import { describe, expect, it } from '@jest/globals';
import {
  type Asked,
  admits,
  cookieName,
  type Door,
  judge,
  sessionCookie,
} from '../../../../../operator/ui/server/guard.ts';

const DOOR: Door = {
  port: 4600,
  token: 'the-token',
  onceTokens: new Map(),
  session: 'the-session',
  key: 'the-key',
};
const HOST = '127.0.0.1:4600';
const COOKIE = `theme=dark; sluice-4600=the-session`;

function asked(method: string, path: string, headers: Asked['headers'] = {}): Asked {
  return { method, path, headers: { host: HOST, cookie: COOKIE, 'x-sluice': 'the-key', ...headers } };
}
const ORIGIN = { origin: `http://${HOST}` };

describe('who is let in', () => {
  const let_in = { kind: 'let in' };
  it.each([
    ['the page itself, without a cookie', asked('GET', '/', { cookie: undefined }), let_in],
    ['by the name localhost', asked('GET', '/api/stage', { host: 'localhost:4600' }), let_in],
    ['reading with cookie and key', asked('GET', '/api/stage'), let_in],
    [
      'following with the cookie alone, as an EventSource does',
      asked('GET', '/api/live', { 'x-sluice': undefined }),
      let_in,
    ],
    ['changing with cookie, origin and key', asked('POST', '/api/bursts', ORIGIN), let_in],
    [
      'exchanging the token without cookie and key',
      asked('POST', '/api/session', { ...ORIGIN, cookie: undefined, 'x-sluice': '' }),
      let_in,
    ],
    [
      'a request that the page’s script makes',
      asked('GET', '/api/stage', { 'sec-fetch-site': 'same-origin' }),
      let_in,
    ],
  ])('%s', (_what, request, expected) => {
    expect(judge(request, DOOR)).toEqual(expected);
  });

  it.each([
    ['another name for this machine (DNS rebinding)', asked('GET', '/', { host: 'evil.example:4600' }), 421],
    ['another port', asked('GET', '/', { host: '127.0.0.1:80' }), 421],
    ['no name', asked('GET', '/', { host: undefined }), 421],
    ['no cookie', asked('GET', '/api/stage', { cookie: undefined }), 401],
    ['another cookie', asked('GET', '/api/stage', { cookie: 'sluice-4600=guessed' }), 401],
    [
      'the cookie of a server at another port',
      asked('GET', '/api/stage', { cookie: 'sluice-4601=the-session' }),
      401,
    ],
    [
      'the token in place of the cookie',
      asked('GET', '/api/stage', { cookie: 'sluice-4600=the-token' }),
      401,
    ],
    [
      'a change from another site',
      asked('POST', '/api/bursts', { ...ORIGIN, origin: 'https://evil.example' }),
      403,
    ],
    [
      'a change from another port of this machine',
      asked('POST', '/api/bursts', { ...ORIGIN, origin: 'http://127.0.0.1:1' }),
      403,
    ],
    ['a change without an origin', asked('DELETE', '/api/pipelines/a'), 403],
    [
      'a change without our header, as a form would send it',
      asked('POST', '/api/bursts', { ...ORIGIN, 'x-sluice': undefined }),
      403,
    ],
    [
      'an origin that is null, as of a sandboxed frame',
      asked('POST', '/api/bursts', { ...ORIGIN, origin: 'null' }),
      403,
    ],
    ['reading from another site', asked('GET', '/api/stage', { 'sec-fetch-site': 'cross-site' }), 403],
    ['reading from another port', asked('GET', '/api/live', { 'sec-fetch-site': 'same-site' }), 403],
    [
      'a change with the cookie and another key',
      asked('POST', '/api/bursts', { ...ORIGIN, 'x-sluice': 'guessed' }),
      401,
    ],
    [
      'a change with the key and no cookie',
      asked('POST', '/api/bursts', { ...ORIGIN, cookie: undefined }),
      401,
    ],
    [
      'reading with the cookie alone, which every port of this machine is shown',
      asked('GET', '/api/pipelines/a', { 'x-sluice': undefined }),
      401,
    ],
    [
      'a header that came twice',
      asked('POST', '/api/bursts', { ...ORIGIN, 'x-sluice': ['the-key', 'the-key'] }),
      403,
    ],
  ])('refused: %s', (_what, request, status) => {
    expect(judge(request, DOOR)).toMatchObject({ kind: 'refused', status });
  });
});

describe('a token', () => {
  it('that was printed lets in as long as the server runs', () => {
    expect([0, 1e12].map((nowMs) => admits(DOOR, 'the-token', nowMs))).toEqual([true, true]);
    expect(['', 'guessed', undefined, 7].map((token) => admits(DOOR, token, 0))).not.toContain(true);
  });

  it('that a program was handed lets in once, and not after its time', () => {
    const door = { ...DOOR, onceTokens: new Map(['a', 'b'].map((token) => [token, 60_000])) };
    expect([admits(door, 'a', 59_999), admits(door, 'a', 59_999)]).toEqual([true, false]);
    expect(admits(door, 'b', 60_000)).toBe(false);
  });
});

it('no script sees the cookie, no other site is given it, and each port has its own', () => {
  expect(sessionCookie(DOOR)).toBe('sluice-4600=the-session; Path=/; HttpOnly; SameSite=Strict');
  expect(cookieName(1)).not.toBe(cookieName(2));
});
