import { Chance } from '../chance.ts';
import type { Patch, Scenario } from './scenario.ts';
import { THEMES } from './themes.ts';
import { type Outcome, play } from './world.ts';

/** What a seed of a theme came to. */
export interface Trial {
  readonly theme: string;
  readonly seed: number;
  readonly scenario: Scenario;
  readonly outcome: Outcome;
  /** Lines of what is wrong, each with the check that says so; none if all is well. */
  readonly wrong: readonly { readonly check: string; readonly what: string }[];
}

export function scenarioOf(theme: string, seed: number): Scenario {
  const { scenario } = themeOf(theme);
  return { seed, ...scenario(new Chance(seed, theme)) };
}

export async function trySeed(theme: string, seed: number, patch?: Patch): Promise<Trial> {
  const scenario = scenarioOf(theme, seed);
  const outcome = await play(scenario, patch);
  const wrong = Object.entries(themeOf(theme).checks).flatMap(([check, judge]) =>
    judge(outcome, scenario).map((what) => ({ check, what })),
  );
  return { theme, seed, scenario, outcome, wrong };
}

/** What a person needs to see of a failure. */
export function describeTrial({ theme, seed, scenario, outcome, wrong }: Trial): string {
  const { record, lease, api } = scenario;
  const sent = scenario.arrivals.map(({ atMs, tasks }) => `${tasks.length} at ${atMs / 1000} s`);
  const { book, limits } = outcome;
  return [
    `seed ${seed} of “${theme}” breaks: ${themeOf(theme).rule}`,
    ...wrong.map(({ check, what }) => `  ${check}: ${what}`),
    `  record ${JSON.stringify(record)}${lease ? ' with a lease' : ''}${api ? `, API ${JSON.stringify(api)}` : ''}`,
    `  limits ${JSON.stringify(limits)}`,
    `  tasks ${sent.join(', ')}: ${book.starts.length} starts, ${book.done} done, ${book.letters.length} dead letters`,
    `replay: npm run sim:flow -- --about '${theme}' --seed ${seed}`,
  ].join('\n');
}

function themeOf(name: string) {
  const theme = THEMES[name];
  if (theme === undefined) throw new Error(`no theme ${name}: ${Object.keys(THEMES).join(', ')}`);
  return theme;
}
