export type Fields = Readonly<Record<string, unknown>>;
export type Records = Map<string, Fields>;

const NAMES = [
  'acme',
  'blue-harbour',
  'cobalt',
  'dovetail',
  'ember',
  'fjord',
  'granite',
  'halcyon',
  'indigo',
  'juniper',
];

const KINDS = ['crawl', 'invoices', 'mail', 'thumbnails', 'sync', 'exports'];

const SECRET = 'sk_live_do_not_show';

export function recordOf(at: number): Fields {
  const name = NAMES[at % NAMES.length];
  const kind = KINDS[Math.floor(at / NAMES.length) % KINDS.length];
  const round = Math.floor(at / (NAMES.length * KINDS.length));
  return {
    pipelineId: `${name}-${kind}${round === 0 ? '' : `-${round}`}`,
    concurrency: [2, 4, 10, 1, 6][at % 5],
    ...(at % 4 === 1 && { rateLimit: { tasks: 10 + (at % 7) * 5, perSeconds: at % 8 === 1 ? 1 : 60 } }),
    ...(at % 9 === 4 && { breaker: {} }),
    ...(at % 17 === 8 && { paused: true }),
    timeoutSeconds: 30,
    environment: { API_KEY: SECRET, MODE: 'production' },
  };
}

export function rateOf({ rateLimit }: Fields): number {
  const { tasks, perSeconds } = rateLimit as { tasks: number; perSeconds: number };
  return tasks / perSeconds;
}
