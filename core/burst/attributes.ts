/** Message attributes of every task of a burst: what {@link Place} says, as text and numbers. */
export const BURST_ATTRIBUTES = {
  burstId: 'sluice-burst',
  index: 'sluice-index',
  total: 'sluice-total',
} as const;
