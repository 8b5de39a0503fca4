/** A span to draw from, milliseconds. */
export type Span = readonly [low: number, high: number];

/** How quick and how exact this AWS is. Ranges are drawn from by seeded chance. */
export interface Nature {
  /** One way of a call, to AWS or back. */
  readonly callMs: Span;
  /** From an event in Step Functions to the next. */
  readonly transitionMs: Span;
  readonly coldStartMs: Span;
  /** Chance that a function cannot be made or changed, for reasons of AWS's own. */
  readonly functionFails: number;
  /** Pending → Active. */
  readonly functionCreateMs: Span;
  /** InProgress → Successful. */
  readonly functionUpdateMs: Span;
  /** Creating, Enabling, Disabling, Updating. */
  readonly mappingMs: Span;
  readonly mappingDeleteMs: Span;
  /** A new role cannot be assumed for so long after the world began. */
  readonly roleReadyMs: Span;
  /** Until changed attributes of a queue are in force: at most 60 s, retention 15 min. */
  readonly attributesMs: Span;
  readonly retentionMs: Span;
  /** Chance that a reader still sees the old attributes until then. */
  readonly staleReads: number;
  /** How old the messages are that a count does not yet, or still, know of. */
  readonly countLagMs: Span;
  /** Chance that a call in a queue's first second does not find it. */
  readonly newQueueUnknown: number;
  /** A short poll asks only some of SQS's servers: chance that it misses a message that is there. */
  readonly shortPollMisses: number;
  /** Chance that a message is handed out twice. */
  readonly duplicateMessages: number;
  /** A queue's poller sees a message. */
  readonly pollMs: Span;
  /** From a change of a record to its event. */
  readonly streamMs: Span;
  /** From an upload to the listener: S3's notification, SNS, Lambda's own queue. Events pass each other. */
  readonly notificationMs: Span;
  /** From the end of a minute until its metrics can be read. */
  readonly metricsMs: Span;
  /** Chance that an event, of the stream or of an upload, comes again later. */
  readonly duplicateEvents: number;
}

/** As AWS documents it, at its worst where a worst case is documented. */
export const AWS_NATURE: Nature = {
  callMs: [2, 30],
  transitionMs: [10, 40],
  coldStartMs: [50, 400],
  functionFails: 0.02,
  functionCreateMs: [500, 8_000],
  functionUpdateMs: [500, 9_000],
  mappingMs: [2_000, 45_000],
  mappingDeleteMs: [2_000, 120_000],
  roleReadyMs: [0, 12_000],
  attributesMs: [0, 60_000],
  retentionMs: [0, 900_000],
  staleReads: 0.5,
  countLagMs: [0, 60_000],
  newQueueUnknown: 0.3,
  shortPollMisses: 0.15,
  duplicateMessages: 0.002,
  pollMs: [5, 200],
  streamMs: [50, 1_500],
  notificationMs: [300, 20_000],
  metricsMs: [60_000, 120_000],
  duplicateEvents: 0.05,
};

/** Nothing takes long and nothing is approximate: for tests of one rule at a time, and for speed. */
export const PLAIN_NATURE: Nature = {
  callMs: [5, 5],
  transitionMs: [10, 10],
  coldStartMs: [0, 0],
  functionFails: 0,
  functionCreateMs: [2_000, 2_000],
  functionUpdateMs: [2_000, 2_000],
  mappingMs: [10_000, 10_000],
  mappingDeleteMs: [10_000, 10_000],
  roleReadyMs: [0, 0],
  attributesMs: [0, 0],
  retentionMs: [0, 0],
  staleReads: 0,
  countLagMs: [0, 0],
  newQueueUnknown: 0,
  shortPollMisses: 0,
  duplicateMessages: 0,
  pollMs: [10, 10],
  streamMs: [100, 100],
  notificationMs: [100, 100],
  metricsMs: [0, 0],
  duplicateEvents: 0,
};
