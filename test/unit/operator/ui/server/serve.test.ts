import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { serveUi, type UiServer } from '../../../../../operator/ui/server/serve.ts';
import type { PipelineAnswer, SessionAnswer } from '../../../../../operator/ui/wire.ts';
import { createFakeDesk, type FakeDesk } from '../fake-desk.ts';

const ASSETS = new Map([['/', { type: 'text/html', content: Buffer.from('<p>page') }]]);
const SECRET = 'sk_live_do_not_show';

let server: UiServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Served {
  readonly desk: FakeDesk;
  readonly origin: string;
  readonly token: string;
  readonly cookie: string;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

async function served(): Promise<Served> {
  const desk = createFakeDesk({ pipelines: 30 });
  server = await serveUi(desk, ASSETS, '{"title":"schema"}');
  const { origin, hash } = new URL(server.url);
  const token = hash.replace('#token=', '');
  const send =
    (cookie: string, key: string) =>
    (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
      fetch(`${origin}${path}`, {
        method,
        headers: { cookie, origin, 'x-sluice': key, 'content-type': 'application/json', ...more },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
  const entered = await send('', '')('POST', '/api/session', { token });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { key } = (await entered.json()) as SessionAnswer;
  return { desk, origin, token, cookie, ask: send(cookie, key) };
}

describe('the page’s server', () => {
  it('listens on the loopback alone', async () => {
    const { origin } = await served();
    expect(new URL(origin).hostname).toBe('127.0.0.1');
  });

  it('lets in who has the token of this start, and nobody else', async () => {
    const { origin, ask } = await served();
    const enter = (token: unknown) =>
      fetch(`${origin}/api/session`, {
        method: 'POST',
        headers: { origin, 'x-sluice': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    expect((await ask('GET', '/api/stage')).status).toBe(200);
    for (const token of ['', 'guessed', undefined, { length: 3 }]) {
      const refused = await enter(token);
      expect([refused.status, refused.headers.get('set-cookie')]).toEqual([401, null]);
    }
  });

  it('an address that a program was handed lets in once', async () => {
    const { origin } = await served();
    const token = new URL(server?.urlForOnce() ?? '').hash.replace('#token=', '');
    const enter = () =>
      fetch(`${origin}/api/session`, {
        method: 'POST',
        headers: { origin, 'x-sluice': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    expect([(await enter()).status, (await enter()).status]).toEqual([200, 401]);
  });

  it.each([
    ['by another name, whatever else it has', '/api/stage', { host: 'evil.example' }, 421],
    ['by another name, whatever it asks for', '//', { host: 'evil.example' }, 421],
    ['for a path that looks like a name', '//', {}, 404],
    ['for a name in place of a path', 'http://evil.example/api/stage', {}, 400],
    ['for no path', '*', {}, 400],
    ['for an api path in another spelling, without a cookie', '/%61pi/stage', {}, 404],
  ])('refuses what comes %s', async (_what, path, headers, status) => {
    const { origin } = await served();
    const { port } = new URL(origin);
    const given = await new Promise((resolve, reject) => {
      const asking = request({ port, host: '127.0.0.1', path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asking.on('error', reject).end();
    });
    expect(given).toBe(status);
  });

  it('every answer forbids scripts, frames and readers from elsewhere', async () => {
    const { ask } = await served();
    for (const path of ['/', '/api/stage', '/api/nothing', '/nothing']) {
      const { headers } = await ask('GET', path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('sends no value of an environment unless it is asked to show them', async () => {
    const { ask } = await served();
    const hidden = await (await ask('GET', '/api/pipelines/acme-crawl')).text();
    expect(hidden).toContain('API_KEY');
    expect(hidden).not.toContain(SECRET);
    const shown = await (await ask('GET', '/api/pipelines/acme-crawl?values=shown')).text();
    expect(shown).toContain(SECRET);
  });

  it('hands changes on to the desk', async () => {
    const { ask, desk } = await served();
    await ask('POST', '/api/pipelines/acme-crawl/paused', { isPaused: true });
    await ask('POST', '/api/pipelines/acme-crawl/redrive', { first: 3 });
    await ask('POST', '/api/rollouts', { action: 'pause', codeKey: 'consumer.zip' });
    await ask('DELETE', '/api/pipelines/acme-crawl');
    expect(desk.deeds).toEqual([
      { deed: 'setPaused', of: 'acme-crawl', with: true },
      { deed: 'redrive', of: 'acme-crawl', with: { first: 3 } },
      { deed: 'steerRollout', of: 'consumer.zip', with: { action: 'pause', codeKey: 'consumer.zip' } },
      { deed: 'remove', of: 'acme-crawl' },
    ]);
  });

  it('puts a record only over the one that was shown, also where only a value that is masked has changed', async () => {
    const { ask, desk } = await served();
    const shown = async () =>
      (await (await ask('GET', '/api/pipelines/acme-crawl')).json()) as PipelineAnswer;
    const put = (record: object, standing?: string) =>
      ask('PUT', '/api/pipelines/acme-crawl', { record, standing });
    const mine = await shown();
    const before = desk.records.get('acme-crawl') ?? {};
    desk.records.set('acme-crawl', { ...before, environment: { API_KEY: 'theirs', MODE: 'production' } });
    expect((await shown()).record).toEqual(mine.record);
    const environment = { API_KEY: 'mine', MODE: '••••••••' };
    const edited = { ...mine.record, environment };
    expect((await put(edited, mine.standing)).status).toBe(409);
    expect((await put(edited, 'none')).status).toBe(409);
    expect((await put(edited)).status).toBe(400);
    expect(desk.deeds).toEqual([]);
    const wrong = await put({ ...edited, timeoutSeconds: 0 }, (await shown()).standing);
    expect(wrong.status).toBe(422);
    const answer = await put(edited, (await shown()).standing);
    expect(answer.status).toBe(200);
    const { standing } = (await answer.json()) as { standing: string };
    expect(standing).toBe((await shown()).standing);
    expect(desk.records.get('acme-crawl')?.environment).toEqual({ API_KEY: 'mine', MODE: 'production' });
  });

  it.each([
    [
      'a record of another pipeline',
      'PUT',
      '/api/pipelines/acme-crawl',
      { record: { pipelineId: 'ember-crawl' }, standing: 'none' },
      400,
    ],
    ['an unknown pipeline', 'GET', '/api/pipelines/nobody', undefined, 404],
    ['an unknown deed', 'POST', '/api/rollouts', { action: 'explode' }, 400],
    ['no JSON', 'POST', '/api/check', '{', 400],
    ['a list', 'POST', '/api/check', [], 400],
    ['another method', 'PUT', '/api/stage', {}, 405],
  ])('%s is refused with its reason', async (_what, method, path, body, status) => {
    const { ask, desk } = await served();
    const answer = await ask(method, path, body);
    const fault = (await answer.json()) as { message: string };
    expect(answer.status).toBe(status);
    expect(fault.message).not.toBe('');
    expect(desk.deeds).toEqual([]);
  });

  it('takes JSON only: what a form of another site can send is none', async () => {
    const { ask } = await served();
    expect((await ask('POST', '/api/check', '{}', { 'content-type': 'text/plain' })).status).toBe(400);
  });

  it('takes no more than a burst may have', async () => {
    const { ask } = await served();
    const answer = await ask('POST', '/api/bursts', { tasks: ['x'.repeat(7 * 1024 * 1024)] });
    expect(answer.status).toBe(413);
  });

  it('says that the stage is gone while it is', async () => {
    const { ask, desk } = await served();
    desk.breakDown();
    const answer = await ask('GET', '/api/bursts');
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'Unreachable' }]);
    desk.mend();
    expect((await ask('GET', '/api/bursts')).status).toBe(200);
  });

  it('tells a page all pipelines first, and changed ones then', async () => {
    const { ask } = await served();
    const stream = await ask('GET', '/api/live');
    const events = eventsOf(stream);
    const all = await events.next();
    expect(all.value).toMatchObject({
      name: 'all',
      data: { rows: expect.any(Array), client: expect.any(String) },
    });
    expect((all.value as { data: { rows: unknown[] } }).data.rows).toHaveLength(30);
    await ask('POST', '/api/pipelines/acme-crawl/paused', { isPaused: true });
    for await (const { name, data } of events) {
      const { rows } = data as { rows: { pipelineId: string; isPaused: boolean }[] };
      if (name === 'changes' && rows.some((row) => row.pipelineId === 'acme-crawl' && row.isPaused)) break;
    }
  });
});

async function* eventsOf({ body }: Response): AsyncGenerator<{ name: string; data: unknown }> {
  let text = '';
  for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const name = /^event: (.+)$/m.exec(part)?.[1];
      const data = /^data: (.+)$/m.exec(part)?.[1];
      if (name && data) yield { name, data: JSON.parse(data) };
    }
  }
}
