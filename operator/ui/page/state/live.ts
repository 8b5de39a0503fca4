import { signal } from '@preact/signals';
import type { AccountFact } from '../../../../core/account.ts';
import type { PipelineRow } from '../../../views/pipelines.ts';
import type { DepthSample, LiveEvents } from '../../wire.ts';
import { call, get, session } from './api.ts';

/** Whether what is shown is what is. */
export type Standing =
  | { readonly kind: 'starting' }
  | { readonly kind: 'live'; readonly atMs: number }
  /** The server answers, the stage does not. */
  | { readonly kind: 'fault'; readonly message: string }
  /** The server is gone. */
  | { readonly kind: 'lost' };

export const standing = signal<Standing>({ kind: 'starting' });
export const rows = signal<ReadonlyMap<string, PipelineRow>>(new Map());
export const account = signal<AccountFact | undefined>(undefined);
/** Of each pipeline, the oldest look first. Not a signal: a row draws it anew whenever the row changes. */
export const depths = new Map<string, readonly DepthSample[]>();

const KEPT_SAMPLES = 150;
const SEE_AFTER_MS = 150;

let client: string | undefined;
let inSight: readonly string[] = [];
let seeing: ReturnType<typeof setTimeout> | undefined;

/** Follows the stage until the page is closed. */
export function follow(): void {
  const source = new EventSource('/api/live');
  const on = <Name extends keyof LiveEvents>(name: Name, take: (data: LiveEvents[Name]) => void) =>
    source.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data)));
  on('all', (all) => {
    client = all.client;
    depths.clear();
    for (const [pipelineId, samples] of Object.entries(all.depths)) depths.set(pipelineId, samples);
    rows.value = new Map(all.rows.map((row) => [row.pipelineId, row]));
    account.value = all.account;
    standing.value = { kind: 'live', atMs: all.atMs };
    tellSight();
  });
  on('changes', (changes) => {
    for (const [pipelineId, sample] of Object.entries(changes.depths)) {
      depths.set(pipelineId, [...(depths.get(pipelineId) ?? []), sample].slice(-KEPT_SAMPLES));
    }
    if (changes.rows.length > 0 || changes.removed.length > 0) {
      const next = new Map(rows.value);
      for (const row of changes.rows) next.set(row.pipelineId, row);
      for (const pipelineId of changes.removed) next.delete(pipelineId);
      rows.value = next;
    }
    account.value = changes.account;
    standing.value = { kind: 'live', atMs: changes.atMs };
  });
  on('fault', ({ message }) => {
    standing.value = { kind: 'fault', message };
  });
  source.onerror = () => {
    standing.value = { kind: 'lost' };
    // A stream that is refused ends for good, and does not say why.
    if (source.readyState !== EventSource.CLOSED) return;
    get('/api/stage').catch(() => undefined);
    if (session.value.kind === 'in') setTimeout(follow, 3_000);
  };
}

/** Says whose queues are worth looking at often. */
export function see(pipelineIds: readonly string[]): void {
  if (pipelineIds.join() === inSight.join()) return;
  inSight = pipelineIds;
  clearTimeout(seeing);
  seeing = setTimeout(tellSight, SEE_AFTER_MS);
}

function tellSight(): void {
  if (client === undefined) return;
  call('POST', '/api/live/visible', { client, pipelineIds: inSight }).catch(() => undefined);
}
