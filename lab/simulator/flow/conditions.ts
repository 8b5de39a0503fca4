import type { Span } from '../world/nature.ts';

/** How quick, exact and sound everything around the consumers of a pipeline is. */
export interface Conditions {
  /** One way of a call, to AWS or back. */
  readonly wayMs: Span;
  /** A free poller sees the next message. */
  readonly pollMs: Span;
  readonly coldStartMs: Span;
  /** How late timers call back; Node's may also be one millisecond early by the wall clock. */
  readonly timerLateMs: Span;
  /** Chance, for each callback in an environment, that nothing of it runs for a while (a collection, a neighbour). */
  readonly stalls: number;
  readonly stallMs: Span;
  /** How far clocks are off, as a share of what the limits allow for. */
  readonly skewShare: number;
  /** Time between two steps of an environment's clock; each goes anywhere within the allowed. */
  readonly clockStepMs: Span;
  /** Chance that a message is handed out twice. */
  readonly duplicates: number;
  /** Chance that an environment dies in the middle of a call, … */
  readonly kills: number;
  /** … at any time of its first so many milliseconds, or right as a task begins. */
  readonly killMs: Span;
  /** Chance that a call answers, and its messages are not deleted all the same. */
  readonly answersLost: number;
  /** Chance that an environment is not used again after a call. */
  readonly recycles: number;
  /** Of calls to what environments share: chances of each trouble. */
  readonly trouble: Trouble;
  /** Of calls to SQS and to the table of attempts. */
  readonly queueTrouble: Trouble;
  /** Of notes of bursts; absent: as `trouble`. */
  readonly noteTrouble?: Trouble;
}

/** Chances of what can befall one call. */
export interface Trouble {
  /** It fails without effect, at once or only when the client gives up. */
  readonly fails: number;
  /** It has its effect and then fails. */
  readonly replyLost: number;
  /** The client repeats it, for the first answer was lost: two effects, the answer of the second. */
  readonly doubled: number;
  /** No answer ever comes. */
  readonly hangs: number;
  /** It takes up to a second. */
  readonly slow: number;
}

const NO_TROUBLE: Trouble = { fails: 0, replyLost: 0, doubled: 0, hangs: 0, slow: 0 };

/** An ordinary day on AWS. */
export const HEALTHY: Conditions = {
  wayMs: [1, 6],
  pollMs: [3, 20],
  coldStartMs: [100, 400],
  timerLateMs: [0, 3],
  stalls: 0.0005,
  stallMs: [5, 60],
  skewShare: 1,
  clockStepMs: [20_000, 200_000],
  duplicates: 0.000_1,
  kills: 0,
  killMs: [0, 2_000],
  answersLost: 0,
  recycles: 0.002,
  trouble: { ...NO_TROUBLE, slow: 0.000_3 },
  queueTrouble: { ...NO_TROUBLE, slow: 0.000_3 },
};

/** Nobody is told twice, and no call takes long: what an environment knows is then exact. */
export const CLEAR: Conditions = {
  ...HEALTHY,
  duplicates: 0,
  trouble: NO_TROUBLE,
  queueTrouble: NO_TROUBLE,
};

/** By when every environment knows on a clear day: the state is read at most once a second; a little for the way. */
export const KNOWN_AFTER_MS = 1_150;

/** Everything that can go wrong does, often. */
export const ROUGH: Conditions = {
  wayMs: [1, 40],
  pollMs: [2, 200],
  coldStartMs: [50, 1_500],
  timerLateMs: [-1, 30],
  stalls: 0.01,
  stallMs: [10, 3_000],
  skewShare: 1,
  clockStepMs: [500, 20_000],
  duplicates: 0.01,
  kills: 0.03,
  killMs: [0, 3_000],
  answersLost: 0.01,
  recycles: 0.1,
  trouble: { fails: 0.02, replyLost: 0.02, doubled: 0.02, hangs: 0.005, slow: 0.03 },
  queueTrouble: { fails: 0.02, replyLost: 0.02, doubled: 0.02, hangs: 0.002, slow: 0.03 },
};

/** Rough, but nobody dies before a call has answered. */
export const ROUGH_WITHOUT_KILLS: Conditions = { ...ROUGH, kills: 0 };
