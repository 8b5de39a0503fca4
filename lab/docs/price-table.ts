import { parseConfigRecord, type Wanted } from '../../core/config-record.ts';
import { planPace } from '../../core/flow/pace.ts';
import { priceSleeping } from '../../core/flow/price.ts';
import { limitsNote } from '../../core/lifecycle/limits-note.ts';

/** One of each kind; in a table for people, so with what is asked for in words. */
const ROWS: readonly {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lease?: true;
}[] = [
  { fields: { concurrency: 5, rateLimit: { tasks: 10, perSeconds: 2 } } },
  { fields: { concurrency: 3, rateLimit: { tasks: 120, perSeconds: 60 } } },
  { fields: { rateLimit: { tasks: 100, perSeconds: 1 } } },
  { fields: { rateLimit: { tasks: 10, perSeconds: 1 } } },
  {
    fields: {
      rateLimit: [
        { tasks: 10, perSeconds: 1 },
        { tasks: 100, perSeconds: 60 },
      ],
    },
  },
  { fields: { rateLimit: { tasks: 1, perSeconds: 1 } } },
  { fields: { rateLimit: { tasks: 1, perSeconds: 60 } } },
  { fields: { rateLimit: { tasks: 5, perSeconds: 3600 } } },
  { fields: { concurrency: 1 } },
  { fields: { concurrency: 1 }, lease: true },
  { fields: { breaker: {} } },
  { fields: { idempotency: { key: 'order.id', seconds: 86_400 } } },
];

const BEGINS = '<!-- Made from core/flow/price.ts by `npm run docs:generate`: edit it there. -->';
const ENDS = '<!-- Until here. -->';

/** docs/limits.md with its table of prices as it is now. */
export function withPriceTable(page: string): string {
  const [before = '', rest = ''] = page.split(BEGINS);
  const [, after = ''] = rest.split(ENDS);
  return `${before}${BEGINS}\n\n${priceTable()}\n\n${ENDS}${after}`;
}

function priceTable(): string {
  const rows = ROWS.map(({ fields, lease }) => {
    const wanted = wantedOf(fields);
    const { method, usdPerMillion, concurrency, oneAtATime } = limitsNote({
      wanted,
      ...(lease && { lease }),
    });
    const kept = [method === 'none' ? undefined : `\`${method}\``, oneAtATime && `\`${oneAtATime}\``];
    return [
      `\`${JSON.stringify(fields)}\``,
      kept.filter((one) => one !== undefined).join(', ') || '–',
      String(concurrency),
      usd(usdPerMillion),
      method === 'metered' ? usdSleeping(wanted) : '–',
    ];
  });
  const head = ['record', 'kept by', 'at once', 'USD per million tasks', 'the same by sleeping in a slot'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function usdSleeping(wanted: Wanted): string {
  const pace = planPace(wanted);
  if (pace.kind !== 'ledger') return '–';
  return usd(priceSleeping(pace.spacingMs, { memoryMb: wanted.memoryMb, architecture: 'arm64' }));
}

function usd(amount: number): string {
  return amount.toFixed(2);
}

function wantedOf(fields: Readonly<Record<string, unknown>>): Wanted {
  const parsed = parseConfigRecord({ pipelineId: 'a', ...fields }, { stage: 'prod' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.wanted;
}
