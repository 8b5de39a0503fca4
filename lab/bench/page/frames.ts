import type { Browser, Page } from 'playwright-core';

/** What a page did while it was watched; a frame is one turn of its main thread at drawing. */
export interface Watched {
  /** Between two frames, as the page itself is told by requestAnimationFrame. */
  readonly intervalsMs: readonly number[];
  /** Of each frame: what its own script took since the frame before. */
  readonly scriptMs: readonly number[];
  /** Of each frame: all that kept its main thread busy since then: script, style, layout, paint. */
  readonly busyMs: readonly number[];
  /** What the main thread did at a stretch: nothing else happens meanwhile. */
  readonly tasksMs: readonly number[];
  readonly seconds: number;
}

/** https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU; times are microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8.execute'];
/** What calls into script. */
const SCRIPT = new Set(['FunctionCall', 'FireAnimationFrame', 'TimerFire', 'EventDispatch', 'RunMicrotasks']);
/** What is asked for each frame is called in the task that draws it. */
const DRAWN = 'FireAnimationFrame';

/**
 * Watches a page while a script runs in it.
 * @param script an expression that resolves to an array of the frames' times, milliseconds
 */
export async function watchFrames(browser: Browser, page: Page, script: string): Promise<Watched> {
  await browser.startTracing(page, { categories: CATEGORIES });
  const beganMs = performance.now();
  const frames = (await page.evaluate(script)) as number[];
  const seconds = (performance.now() - beganMs) / 1000;
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const main = eventsOfMainThread(traceEvents);
  const tasks = main.filter(({ name }) => name === 'RunTask');
  const draws = endsOfDrawing(tasks, main);
  return {
    intervalsMs: frames.slice(1).map((at, index) => at - (frames[index] ?? at)),
    scriptMs: shares(draws, outermost(main.filter(({ name }) => SCRIPT.has(name)))),
    busyMs: shares(draws, tasks),
    tasksMs: tasks.map(({ dur = 0 }) => dur / 1000),
    seconds,
  };
}

/** Of the process that has drawn most: the page's. */
function eventsOfMainThread(events: readonly TraceEvent[]): TraceEvent[] {
  const draws = new Map<string, number>();
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  for (const event of events) {
    if (event.name === DRAWN) draws.set(threadOf(event), (draws.get(threadOf(event)) ?? 0) + 1);
  }
  const [busiest] = [...draws].sort(([, a], [, b]) => b - a)[0] ?? [];
  return events.filter((event) => threadOf(event) === busiest).sort((a, b) => a.ts - b.ts);
}

/** When the tasks have ended that draw. */
function endsOfDrawing(tasks: readonly TraceEvent[], events: readonly TraceEvent[]): number[] {
  const drawn = events.filter(({ name }) => name === DRAWN).map(({ ts }) => ts);
  let at = 0;
  return tasks.flatMap(({ ts, dur = 0 }) => {
    while ((drawn[at] ?? Number.POSITIVE_INFINITY) < ts) at += 1;
    return (drawn[at] ?? Number.POSITIVE_INFINITY) < ts + dur ? [ts + dur] : [];
  });
}

/** Those that are not within another: script that is called by script counts once. */
function outermost(events: readonly TraceEvent[]): TraceEvent[] {
  let endTs = Number.NEGATIVE_INFINITY;
  return events.filter(({ ts, dur = 0 }) => {
    if (ts < endTs) return false;
    endTs = ts + dur;
    return true;
  });
}

/** How much of these lies between the end of one draw and that of the next, milliseconds. */
function shares(draws: readonly number[], events: readonly TraceEvent[]): number[] {
  const sums = new Array<number>(Math.max(0, draws.length - 1)).fill(0);
  let frame = 0;
  for (const { ts, dur = 0 } of events) {
    while (frame < sums.length && (draws[frame + 1] ?? 0) <= ts) frame += 1;
    if (ts >= (draws[0] ?? Number.POSITIVE_INFINITY) && frame < sums.length) {
      sums[frame] = (sums[frame] ?? 0) + dur / 1000;
    }
  }
  return sums;
}

/** Scrolls to and fro through the whole page, so much a frame. */
export function scrolling(pixels: number, seconds: number): string {
  return watching(
    seconds,
    `if (scrollY + innerHeight >= document.documentElement.scrollHeight - 1) step = -${pixels};
     if (scrollY <= 0) step = ${pixels};
     scrollBy({ top: step, behavior: 'instant' });`,
  );
}

/** Only looks. */
export function standingStill(seconds: number): string {
  return watching(seconds, '');
}

function watching(seconds: number, eachFrame: string): string {
  return `new Promise((resolve) => {
    const frames = [];
    let step = 1;
    const onFrame = (at) => {
      frames.push(at);
      ${eachFrame}
      if (at - frames[0] < ${seconds * 1000}) requestAnimationFrame(onFrame);
      else resolve(frames);
    };
    requestAnimationFrame(onFrame);
  })`;
}
