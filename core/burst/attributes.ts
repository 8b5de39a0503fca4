/** Message attributes of every task of a burst: what `Place` says, as text and numbers. The first is its `PartsId`. */
export const BURST_ATTRIBUTES = {
  burstId: 'sluice-burst',
  index: 'sluice-index',
  total: 'sluice-total',
} as const;
