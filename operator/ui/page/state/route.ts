/** Which screen the address is of. */
export type Route =
  | { readonly screen: 'overview' }
  | { readonly screen: 'pipeline'; readonly pipelineId: string; readonly tab: PipelineTab }
  | { readonly screen: 'new' }
  | { readonly screen: 'bursts'; readonly pipelineId?: string }
  | { readonly screen: 'rollouts' }
  | { readonly screen: 'events' }
  | { readonly screen: 'nowhere' };

export const PIPELINE_TABS = ['now', 'record', 'dead-letters', 'events'] as const;
export type PipelineTab = (typeof PIPELINE_TABS)[number];

/** Reads the fragment of an address. */
export function routeOf(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  // An address that was typed need not be one.
  if (parts.includes(undefined)) return { screen: 'nowhere' };
  const [screen, id, tab = 'now'] = parts;
  // Whoever comes with the token sees the overview.
  if (screen === undefined || screen.startsWith('token=')) return { screen: 'overview' };
  if (screen === 'pipelines' && id !== undefined) {
    const known = PIPELINE_TABS.find((one) => one === tab);
    return known ? { screen: 'pipeline', pipelineId: id, tab: known } : { screen: 'nowhere' };
  }
  if (screen === 'bursts') {
    return id === undefined ? { screen } : { screen, pipelineId: id };
  }
  if (screen === 'new' || screen === 'rollouts' || screen === 'events') return { screen };
  return { screen: 'nowhere' };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

export function pipelineHref(pipelineId: string, tab: PipelineTab = 'now'): string {
  const id = encodeURIComponent(pipelineId);
  return tab === 'now' ? `#/pipelines/${id}` : `#/pipelines/${id}/${tab}`;
}

export function burstsHref(pipelineId: string): string {
  return `#/bursts/${encodeURIComponent(pipelineId)}`;
}
