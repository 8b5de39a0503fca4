import type { AccountFact } from '../../core/account.ts';
import type { Problem } from '../../core/problems.ts';
import type { PipelineRow, PipelineView } from '../views/pipelines.ts';

/** What goes between the page and its server, beside the views. Plain JSON; times are epoch milliseconds. */

/** When somebody looked, and how many tasks waited or ran then. */
export type DepthSample = readonly [atMs: number, depth: number];

/** Events of `GET /api/live`, by their names. */
export interface LiveEvents {
  /** The first: all there is. `client` names this stream to `POST /api/live/visible`. */
  readonly all: {
    readonly client: string;
    readonly atMs: number;
    readonly rows: readonly PipelineRow[];
    readonly depths: Readonly<Record<string, readonly DepthSample[]>>;
    readonly account?: AccountFact;
  };
  /** What has changed since the last. */
  readonly changes: {
    readonly atMs: number;
    readonly rows: readonly PipelineRow[];
    readonly removed: readonly string[];
    readonly depths: Readonly<Record<string, DepthSample>>;
    readonly account?: AccountFact;
  };
  /** The stage could not be asked; it is tried again. */
  readonly fault: Fault;
}

/** Why something cannot be done. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

export interface StageAnswer {
  readonly stage: string;
  readonly region: string;
  readonly isLocal: boolean;
}

/** A pipeline, without what its status record repeats of the config record. */
export interface PipelineAnswer extends Omit<PipelineView, 'status'> {
  readonly status?: Readonly<Record<string, unknown>>;
}

/** What a page is given for its token, beside the cookie. */
export interface SessionAnswer {
  /** For {@link KEY_HEADER}. */
  readonly key: string;
}

/**
 * Header of the page's requests. Other sites' pages cannot send it without being asked first; and servers at other ports of this
 * machine, which browsers show the cookie, do not know its value.
 */
export const KEY_HEADER = 'x-sluice';
