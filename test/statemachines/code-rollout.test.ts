import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROLLOUT_STEPS } from '../../functions/code-rollout/run-step.ts';
import { keepsTheRulesOfEveryMachine } from './every-machine.ts';
import { type Answers, allEdges, loadDefinition, named, taskStates, walk } from './walk.ts';

const definition = loadDefinition('code-rollout.yml');
const tasks = taskStates(definition);
const names = tasks.map(([name]) => name);
const walked = new Set<string>();

const done = { outcome: 'done' };
/** Two waves, and all is well. */
const smooth: Answers = {
  BeginRollout: [{ outcome: 'check' }],
  CheckRelease: [done],
  TryRelease: [done],
  AdmitRelease: [done],
  OpenWave: [done, done, { outcome: 'finished' }],
  MovePipelines: [done],
  WatchWave: [done],
  FinishRollout: [done],
  RollBack: [done],
  ReturnPipelines: [done],
  RedriveDeadLetters: [done],
};
const unhealthy: Answers = { WatchWave: [{ outcome: 'unhealthy' }] };

async function go(answers: Answers = {}) {
  const input = { key: 'consumer.zip', version: 'v2', afterSeconds: 1 };
  const way = await walk(definition, input, { ...smooth, ...answers });
  for (const edge of way.edges) walked.add(edge);
  return way;
}

/** The steps of a walk, without choices and waits. */
async function steps(answers: Answers = {}): Promise<readonly string[]> {
  const { visited } = await go(answers);
  return visited.filter((state) => !state.startsWith('After') && !state.startsWith('WaitTo'));
}

/** Answers with which the walk comes by this step. */
function towards(step: string): Answers {
  return ['RollBack', 'ReturnPipelines', 'RedriveDeadLetters'].includes(step) ? unhealthy : {};
}

describe('the rollout machine', () => {
  keepsTheRulesOfEveryMachine(definition, 60, 120);

  it('names every Task after the file of its step, and passes that name and its own on', () => {
    const files = readdirSync(new URL('../../functions/code-rollout/steps', import.meta.url)).map((file) =>
      file.replace('.ts', ''),
    );
    expect(names.toSorted()).toEqual(files.toSorted());
    expect(ROLLOUT_STEPS.toSorted()).toEqual(files.toSorted());
    for (const [step, state] of tasks)
      expect(state.Parameters).toEqual({ step, 'owner.$': '$$.Execution.Name', 'state.$': '$' });
  });

  it('checks, tries and admits, then opens wave after wave until everybody has the release', async () => {
    const wave = ['OpenWave', 'MovePipelines', 'WatchWave'];
    expect(await steps()).toEqual([
      'BeginRollout',
      'CheckRelease',
      'TryRelease',
      'AdmitRelease',
      ...wave,
      ...wave,
      'OpenWave',
      'FinishRollout',
      'Done',
    ]);
  });

  it('brings everybody back where a wave is unhealthy, and sends its dead letters again', async () => {
    expect((await steps(unhealthy)).slice(-5)).toEqual([
      'WatchWave',
      'RollBack',
      'ReturnPipelines',
      'RedriveDeadLetters',
      'RolledBack',
    ]);
  });

  it('goes on in the middle: of a wave, or of the way back', async () => {
    expect((await steps({ BeginRollout: [{ outcome: 'move' }] })).slice(0, 3)).toEqual([
      'BeginRollout',
      'MovePipelines',
      'WatchWave',
    ]);
    expect(await steps({ BeginRollout: [{ outcome: 'return' }] })).toEqual([
      'BeginRollout',
      'ReturnPipelines',
      'RedriveDeadLetters',
      'RolledBack',
    ]);
  });

  it.each(['CheckRelease', 'TryRelease', 'AdmitRelease'])(
    'ends where %s rejects the release',
    async (step) => {
      expect((await go({ [step]: [{ outcome: 'rejected' }] })).visited.at(-1)).toBe('Rejected');
    },
  );

  it.each(names)('ends where %s finds that nothing is left to do for it', async (step) => {
    const { visited, failed } = await go({ ...towards(step), [step]: [{ outcome: 'over' }] });
    expect([visited.at(-1), failed]).toEqual(['Over', undefined]);
  });

  it.each(names)('waits as long as %s asks for, then runs it again', async (step) => {
    const answers = [{ outcome: 'again', afterSeconds: 3 }, ...(smooth[step] ?? [])];
    const { visited, failed } = await go({ ...towards(step), [step]: answers });
    expect(failed).toBeUndefined();
    const at = visited.indexOf(`WaitTo${step}`);
    expect(visited.slice(at - 2, at + 2)).toEqual([step, `After${step}`, `WaitTo${step}`, step]);
    expect(definition.States[`WaitTo${step}`]?.SecondsPath).toBe('$.afterSeconds');
  });

  it.each(
    names.flatMap((step) => [
      [step, 'a throttle of Lambda', named('Lambda.TooManyRequestsException')] as const,
      [step, 'a surprise', named('Surprise')] as const,
    ]),
  )('tries %s again after %s', async (step, _what, error) => {
    const { failed } = await go({ ...towards(step), [step]: [error, ...(smooth[step] ?? [])] });
    expect(failed).toBeUndefined();
  });

  it.each(names)('stops where %s keeps failing or answers nonsense', async (step) => {
    for (const answer of [named('Surprise'), { outcome: 'dance' }]) {
      expect((await go({ ...towards(step), [step]: [answer] })).visited.at(-1)).toBe('Stopped');
    }
  });

  it('has no transition and no retrier that the walks above have not used', () => {
    expect([...allEdges(definition)].filter((edge) => !walked.has(edge))).toEqual([]);
  });
});
