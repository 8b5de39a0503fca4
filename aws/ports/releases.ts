import type { HealthSample } from '../../core/release/health.ts';
import type { ReleaseRecord } from '../../core/release/record.ts';
import type { CallTimes } from '../../core/spread/call-times.ts';
import type { Page } from './page.ts';

/** The table of releases and how far they have gone: `sluice-<stage>-releases`. */
export interface Releases {
  /** Strongly consistent. Throws for an item that is no release record. */
  read(codeKey: string, version: string): Promise<ReleaseRecord | undefined>;
  /**
   * Replaces the record if its revision is still `next.revision` (0: there is none) and stores it with the next
   * revision.
   */
  write(next: ReleaseRecord): Promise<'written' | 'conflict'>;
  /**
   * All releases of one key; strongly consistent, in no order. As many calls as pages. Items that are no release
   * records are left out, and warned of.
   */
  ofKey(codeKey: string): Promise<readonly ReleaseRecord[]>;
  /** Leaves out the same. */
  page(cursor: string | undefined, limit: number): Promise<Page<ReleaseRecord>>;
}

/** What is known of how consumers do. CloudWatch on AWS; the runtime's own lines on the local stage. */
export interface HealthReports {
  /**
   * Samples of each pipeline in a span of time, in order of time; a pipeline without any may be absent. As many
   * calls as needed, some at once.
   * @param fromMs @param toMs epoch milliseconds
   */
  read(
    pipelineIds: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<string, readonly HealthSample[]>>;
  /** What the calls of one pipeline's consumer took in a span; undefined where there were none. */
  callTimes(pipelineId: string, fromMs: number, toMs: number): Promise<CallTimes | undefined>;
}

/** EventBridge: what other programs may listen to. */
export interface Events {
  /** Source `sluice`, on the account's default bus. */
  publish(detailType: string, detail: Readonly<Record<string, unknown>>): Promise<void>;
}
