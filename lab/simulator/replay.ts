import * as fc from 'fast-check';
import type { History } from './history.ts';
import { type Outcome, type RunOptions, runStory } from './run-story.ts';
import { releaseStories, stories } from './stories.ts';
import type { Story } from './story.ts';

/** What stories can be about. */
export const THEMES = { everything: stories, releases: releaseStories } as const;

export type Theme = keyof typeof THEMES;

/** A seed whose story breaks a promise. */
export interface Failure {
  readonly seed: number;
  readonly theme: Theme;
  /** The smallest story found that still breaks one. */
  readonly story: Story;
  readonly outcome: Outcome;
}

class Broken extends Error {}

/** The story of a seed, before any shrinking. */
export function storyOf(seed: number, theme: Theme = 'everything'): Story {
  const [story] = fc.sample(THEMES[theme], { seed, numRuns: 1 });
  if (story === undefined) throw new Error('no story');
  return story;
}

/** Plays the story of one seed; if a promise breaks, looks for the smallest story that breaks it too. */
export async function trySeed(
  seed: number,
  options: RunOptions & { readonly theme?: Theme; readonly seen?: (history: History) => void } = {},
  shrinkSeconds = 20,
): Promise<Failure | undefined> {
  const { theme = 'everything' } = options;
  const property = fc.asyncProperty(THEMES[theme], async (story) => {
    const { violations, history } = await runStory(story, options);
    options.seen?.(history);
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
  return { seed, theme, story, outcome };
}

/** Most lines of a timeline that anybody reads. */
const LINES = 400;

/** The timeline of the pipelines that are to blame, from the story's first action on. */
function readable({ timeline, violations }: Outcome): readonly string[] {
  const blamed = new Set(violations.flatMap(({ what }) => what.match(/\b(p\d+|bystander)\b/g) ?? []));
  const from = timeline.findIndex((line) => line.includes('ACTION'));
  const lines = timeline.slice(Math.max(0, from)).filter((line) => {
    const about = line.match(/ s {2}(\S+) /)?.[1];
    return about === undefined || blamed.size === 0 || blamed.has(about);
  });
  const cut = lines.length - LINES;
  if (cut <= 0) return lines;
  return [...lines.slice(0, LINES / 2), `… ${cut} lines …`, ...lines.slice(-LINES / 2)];
}

/** What a person needs to see of a failure. */
export function describeFailure({ seed, theme, story, outcome }: Failure, bug?: string): string {
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
    ...readable(outcome).map((line) => `  ${line}`),
    `replay: npm run sim -- --seed ${seed}${theme === 'everything' ? '' : ` --about ${theme}`}${bug === undefined ? '' : ` --bug ${bug}`}`,
  ].join('\n');
}
