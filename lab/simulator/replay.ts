import * as fc from 'fast-check';
import { type Outcome, type RunOptions, runStory } from './run-story.ts';
import { stories } from './stories.ts';
import type { Story } from './story.ts';

/** A seed whose story breaks a promise. */
export interface Failure {
  readonly seed: number;
  /** The smallest story found that still breaks one. */
  readonly story: Story;
  readonly outcome: Outcome;
}

class Broken extends Error {}

/** The story of a seed, before any shrinking. */
export function storyOf(seed: number): Story {
  const [story] = fc.sample(stories, { seed, numRuns: 1 });
  if (story === undefined) throw new Error('no story');
  return story;
}

/** Plays the story of one seed; if a promise breaks, looks for the smallest story that breaks it too. */
export async function trySeed(
  seed: number,
  options: RunOptions = {},
  shrinkSeconds = 20,
): Promise<Failure | undefined> {
  const property = fc.asyncProperty(stories, async (story) => {
    const { violations } = await runStory(story, options);
    if (violations.length > 0) throw new Broken(violations[0]?.promise);
  });
  const details = await fc.check(property, {
    seed,
    numRuns: 1,
    interruptAfterTimeLimit: shrinkSeconds * 1000,
    markInterruptAsFailure: false,
  });
  const story = details.counterexample?.[0];
  if (!details.failed || story === undefined) return undefined;
  const outcome = await runStory(story, { ...options, timeline: true });
  return { seed, story, outcome };
}

/** What a person needs to see of a failure. */
export function describeFailure({ seed, story, outcome }: Failure, bug?: string): string {
  const { actions, first, faults, ...rest } = story;
  return [
    `seed ${seed} breaks a promise:`,
    ...outcome.violations.map(({ promise, what }) => `  promise ${promise}: ${what}`),
    'the smallest story found:',
    `  ${JSON.stringify(rest)}`,
    ...first.map((fields, on) => `  p${on} begins as ${JSON.stringify(fields)}`),
    ...actions.map(
      ({ afterSeconds, on, deed }) => `  after ${afterSeconds} s, p${on}: ${JSON.stringify(deed)}`,
    ),
    ...faults.map((fault) => `  fault: ${JSON.stringify(fault)}`),
    'what happened:',
    ...outcome.timeline.map((line) => `  ${line}`),
    `replay: npm run sim -- --seed ${seed}${bug === undefined ? '' : ` --bug ${bug}`}`,
  ].join('\n');
}
