import { priceLooking } from './server/live/price.ts';

const SIZES = [10, 100, 1_000, 5_000];
const BEGINS =
  '<!-- Made from operator/ui/server/live/price.ts by `npm run docs:generate`: edit it there. -->';
const ENDS = '<!-- Until here. -->';

/**
 * docs/page.md with its table of what looking costs as it is now.
 * @throws where the page does not say which part that is
 */
export function withPriceTable(page: string): string {
  const [begin, end] = [page.indexOf(BEGINS), page.indexOf(ENDS)];
  if (begin < 0 || end < begin) throw new RangeError(`the page has no part between ${BEGINS} and ${ENDS}`);
  return `${page.slice(0, begin)}${BEGINS}\n\n${table()}\n\n${page.slice(end)}`;
}

function table(): string {
  const rows = SIZES.map((pipelines) => {
    const price = priceLooking(pipelines);
    return [
      pipelines.toLocaleString('en-US'),
      `${price.looksASecond} (${price.queueRequestsASecond})`,
      `${price.readingEverySeconds} s`,
      price.readUnitsASecond.toFixed(0),
      price.usdAnHour.toFixed(2),
    ];
  });
  const head = [
    'pipelines',
    'looks a second (requests of SQS)',
    'all records read each',
    'read units of DynamoDB a second',
    'USD an hour',
  ];
  return [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
