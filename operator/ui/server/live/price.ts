import { PRICES } from '../../../../core/flow/price.ts';
import { LOOKS_A_TICK, readEveryMs, TICK_MS } from './choose.ts';

/** What a look at a pipeline asks for: the counts of its two queues. */
export const REQUESTS_A_LOOK = 2;
/** What a reading of all records asks for, whatever is in them: three tables in four parts, three facts, the open bursts. */
export const CALLS_A_READING = { Scan: 12, GetItem: 3, Query: 1 } as const;

/** As records are stored: a config record with its status. */
const RECORD_BYTES = 2_000;
/** What the reconciler remembers of one pipeline, of 1,000 at most: one of the facts. */
const REMEMBERED_BYTES = 150;
const MOST_REMEMBERED = 1_000;
/** DynamoDB counts in these; a read that need not be the latest counts half. */
const UNIT_BYTES = 4_096;
/** How much runs in the account, once a minute; USD a metric asked for: https://aws.amazon.com/cloudwatch/pricing/ */
const METRIC_USD = 0.01 / 1000;
const HOUR_SECONDS = 3_600;

/** What the overview asks a stage for as long as any page is open, however many are. */
export interface LookingPrice {
  readonly looksASecond: number;
  readonly queueRequestsASecond: number;
  readonly readingEverySeconds: number;
  readonly readUnitsASecond: number;
  readonly usdAnHour: number;
}

/** List prices of us-east-1; every pipeline that is looked at has tasks, so that what they take is read, too. */
export function priceLooking(pipelines: number): LookingPrice {
  const looksASecond = (Math.min(pipelines, LOOKS_A_TICK) * 1000) / TICK_MS;
  const queueRequestsASecond = looksASecond * REQUESTS_A_LOOK;
  const readingEverySeconds = readEveryMs(pipelines) / 1000;
  const readUnitsASecond = unitsOf(pipelines) / readingEverySeconds;
  const usdASecond =
    queueRequestsASecond * PRICES.queueRequest + readUnitsASecond * PRICES.read + METRIC_USD / 60;
  return {
    looksASecond,
    queueRequestsASecond,
    readingEverySeconds,
    readUnitsASecond,
    usdAnHour: usdASecond * HOUR_SECONDS,
  };
}

/** Of one reading of all. */
function unitsOf(pipelines: number): number {
  const scans = Math.max(CALLS_A_READING.Scan / 2, (pipelines * RECORD_BYTES) / UNIT_BYTES / 2);
  const remembered = Math.ceil((Math.min(pipelines, MOST_REMEMBERED) * REMEMBERED_BYTES) / UNIT_BYTES);
  const facts = CALLS_A_READING.GetItem - 1 + remembered;
  return scans + facts + CALLS_A_READING.Query / 2 + Math.min(pipelines, LOOKS_A_TICK);
}
