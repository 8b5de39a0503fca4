import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { serveUi, type UiServer } from '../../../../../operator/ui/server/serve.ts';
import { createFakeDesk } from '../fake-desk.ts';

/** What a browser has that Node has not. */
const BROWSER = ['location', 'history', 'localStorage', 'fetch'] as const;
const before = BROWSER.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);

/** By its name only: it is written for a browser, whose types this side has not. */
const PAGE_SIDE: string = '../../../../../operator/ui/page/state/api.ts';
const { enter, get } = (await import(PAGE_SIDE)) as {
  enter(): Promise<void>;
  get(path: string): Promise<unknown>;
};

const place = { hash: '' };
let server: UiServer;
let cookie: string | undefined;
const kept = new Map<string, string>();
const asked: string[] = [];

beforeEach(async () => {
  server = await serveUi(createFakeDesk({ pipelines: 1 }), new Map(), '{}');
  const { origin, hash } = new URL(server.url);
  place.hash = hash;
  const real = fetch;
  const browser = {
    location: place,
    history: {
      replaceState: (_state: unknown, _title: string, address: string) => {
        place.hash = address;
      },
    },
    localStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => kept.set(name, value),
    },
    fetch: async (path: string, init: RequestInit) => {
      asked.push(path);
      const headers = { ...(init.headers as Record<string, string>), origin, ...(cookie && { cookie }) };
      const response = await real(`${origin}${path}`, { ...init, headers });
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
      return response;
    },
  };
  for (const name of BROWSER) {
    Object.defineProperty(globalThis, name, { value: browser[name], configurable: true, writable: true });
  }
});
afterEach(async () => {
  for (const [name, descriptor] of before) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }
  await server.close();
});

it('a page exchanges the token once, is let in from then on, and so is a tab that has no token', async () => {
  await enter();
  expect(place.hash).toBe('#/');
  expect(await get('/api/stage')).toMatchObject({ stage: 'local' });
  await enter();
  expect(await get('/api/stage')).toMatchObject({ stage: 'local' });
  expect(asked).toEqual(['/api/session', '/api/stage', '/api/stage']);
  kept.clear();
  await expect(get('/api/stage')).rejects.toMatchObject({ status: 401 });
});
