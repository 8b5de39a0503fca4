import type { History } from '../history.ts';

/** The account, the progress, the first page of everything, the sweep; with permits that are asked for again. */
const FIXED_CALLS = 34;
/** Reads of one look, and one start. */
const CALLS_PER_LOOK = 16;
/** Reads about a name that is listed, and what it takes to bring an orphan to a run. */
const CALLS_PER_NAME = 6;
/** What AWS lists at once. */
const FUNCTIONS_A_PAGE = 50;
const QUEUES_A_PAGE = 1_000;
const MAPPINGS_A_PAGE = 100;
/** One page of the sweep, with its permit. */
const CALLS_PER_PAGE = 15;
/** Reads about a mapping that is not as its status says, and one start. */
const CALLS_PER_SUSPECT = 4;

/**
 * Most calls of one tick besides its sweep of mappings: the reconciler's slices and AWS's pages bound it, however
 * many pipelines there are, and however much has drifted; fewer pipelines take fewer.
 */
export function mostCallsOfATick(reconcileSlice: number, pipelines = Number.POSITIVE_INFINITY): number {
  const looks = Math.min(2 * reconcileSlice, pipelines);
  const names = Math.min(FUNCTIONS_A_PAGE, pipelines) + Math.min(QUEUES_A_PAGE, 2 * pipelines);
  return FIXED_CALLS + CALLS_PER_LOOK * looks + CALLS_PER_NAME * names;
}

/**
 * What the sweep may add. It is the one part that grows with the stage, because only the list of all mappings shows
 * them for less than a call each: a call for each hundred, one for each slice of statuses, and some for each mapping
 * that is not as its status says. In return it comes the more seldom the longer it is: see `sweepEveryTicks`.
 */
function mostCallsOfASweep(reconcileSlice: number, pipelines: number): number {
  const pages = Math.ceil(pipelines / MAPPINGS_A_PAGE);
  const slices = Math.ceil(pipelines / reconcileSlice);
  return CALLS_PER_PAGE * pages + slices + CALLS_PER_SUSPECT * pipelines;
}

/** A tick of the reconciler makes a bounded number of calls, whatever it finds. */
export function constantWork({ world, names }: History): readonly string[] {
  const { reconcileSlice } = world.settings;
  // The story's, and the one that nobody touches.
  const pipelines = names.length + 1;
  const most = mostCallsOfATick(reconcileSlice, pipelines) + mostCallsOfASweep(reconcileSlice, pipelines);
  return world.ticks
    .filter(({ calls }) => calls > most)
    .map(({ calls }) => `a tick made ${calls} calls for ${pipelines} pipelines; ${most} must do`);
}
