/** What the page can ask for, by method and path; `:id` stands for a part of the path. */
export const ROUTES = {
  session: 'POST /api/session',
  stage: 'GET /api/stage',
  schema: 'GET /api/schema',
  live: 'GET /api/live',
  visible: 'POST /api/live/visible',
  check: 'POST /api/check',
  pipeline: 'GET /api/pipelines/:id',
  put: 'PUT /api/pipelines/:id',
  remove: 'DELETE /api/pipelines/:id',
  pause: 'POST /api/pipelines/:id/paused',
  breaker: 'POST /api/pipelines/:id/breaker',
  outlook: 'GET /api/pipelines/:id/outlook',
  purge: 'POST /api/pipelines/:id/purge',
  curves: 'GET /api/pipelines/:id/curves',
  deadLetters: 'GET /api/pipelines/:id/dead-letters',
  redrive: 'POST /api/pipelines/:id/redrive',
  bursts: 'GET /api/bursts',
  send: 'POST /api/bursts',
  burst: 'GET /api/bursts/:id',
  steerBurst: 'POST /api/bursts/:id',
  rollouts: 'GET /api/rollouts',
  steerRollout: 'POST /api/rollouts',
  events: 'GET /api/events',
} as const;

export type RouteName = keyof typeof ROUTES;

export type Matched =
  | { readonly kind: 'route'; readonly name: RouteName; readonly id: string }
  /** There is such a path, for other methods. */
  | { readonly kind: 'method' }
  | { readonly kind: 'none' };

const PARTS = Object.entries(ROUTES).map(([name, route]) => {
  const [method, path = ''] = route.split(' ');
  return { name: name as RouteName, method, parts: path.split('/') };
});

/**
 * Only ids are decoded: another spelling of `/api/` would be none of the paths that want the cookie.
 * @param path without the query
 */
export function matchRoute(method: string, path: string): Matched {
  const parts = path.split('/');
  const there = PARTS.filter(
    (route) =>
      route.parts.length === parts.length &&
      route.parts.every((part, at) => (part === ':id' ? parts[at] !== '' : part === parts[at])),
  );
  const route = there.find((one) => one.method === method);
  if (route === undefined) return { kind: there.length > 0 ? 'method' : 'none' };
  const id = decoded(parts[route.parts.indexOf(':id')] ?? '');
  return id === undefined ? { kind: 'none' } : { kind: 'route', name: route.name, id };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
