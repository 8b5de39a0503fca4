import { describe, expect, it } from '@jest/globals';
import { type Asked, cookieName, judge, sessionCookie } from '../../../../../operator/ui/server/guard.ts';

const DOOR = { port: 4600, token: 'the-token', onceTokens: new Set<string>(), session: 'the-session' };
const HOST = '127.0.0.1:4600';
const COOKIE = `theme=dark; sluice-4600=the-session`;

function asked(method: string, path: string, headers: Asked['headers'] = {}): Asked {
  return { method, path, headers: { host: HOST, cookie: COOKIE, ...headers } };
}
const ORIGIN = { origin: `http://${HOST}`, 'x-sluice': '1' };

describe('who is let in', () => {
  const let_in = { kind: 'let in' };
  it.each([
    ['the page itself, without a cookie', asked('GET', '/', { cookie: undefined }), let_in],
    ['by the name localhost', asked('GET', '/api/stage', { host: 'localhost:4600' }), let_in],
    ['reading with the cookie', asked('GET', '/api/stage'), let_in],
    ['changing with cookie, origin and header', asked('POST', '/api/bursts', ORIGIN), let_in],
    [
      'exchanging the token without a cookie',
      asked('POST', '/api/session', { ...ORIGIN, cookie: undefined }),
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
    ['a change without an origin', asked('DELETE', '/api/pipelines/a', { 'x-sluice': '1' }), 403],
    [
      'a change without our header, as a form would send it',
      asked('POST', '/api/bursts', { origin: `http://${HOST}` }),
      403,
    ],
    [
      'an origin that is null, as of a sandboxed frame',
      asked('POST', '/api/bursts', { ...ORIGIN, origin: 'null' }),
      403,
    ],
    ['reading from another site', asked('GET', '/api/stage', { 'sec-fetch-site': 'cross-site' }), 403],
    ['reading from another port', asked('GET', '/api/live', { 'sec-fetch-site': 'same-site' }), 403],
    ['a header that came twice', asked('POST', '/api/bursts', { ...ORIGIN, 'x-sluice': ['1', '1'] }), 403],
  ])('refused: %s', (_what, request, status) => {
    expect(judge(request, DOOR)).toMatchObject({ kind: 'refused', status });
  });
});

it('no script sees the cookie, no other site is given it, and each port has its own', () => {
  expect(sessionCookie(DOOR)).toBe('sluice-4600=the-session; Path=/; HttpOnly; SameSite=Strict');
  expect(cookieName(1)).not.toBe(cookieName(2));
});
