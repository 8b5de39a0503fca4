import { BYSTANDER } from './bystander.ts';
import type { Done } from './history.ts';
import { meddle } from './meddle.ts';
import type { Action, Deed, Story } from './story.ts';
import { type Foreign, makeForeign } from './world/people.ts';
import { CODE_KEY, type World } from './world/world.ts';

/** Does what the story tells, one deed after another, and notes it. */
export async function act(
  story: Story,
  names: readonly string[],
  world: World,
  done: Done[],
  say: (what: string, pipelineId?: string) => void,
): Promise<void> {
  let uploads = 2;
  world.send(BYSTANDER, 5);
  const begin = story.first.map(
    (fields, on): Action => ({ afterSeconds: 0, on, deed: { kind: 'edit', fields } }),
  );
  for (const { afterSeconds, on, deed } of [...begin, ...story.actions]) {
    await world.pass(afterSeconds);
    const pipelineId = names[on] ?? '';
    say(`ACTION ${JSON.stringify(deed)}`, pipelineId);
    if (deed.kind === 'upload') {
      uploads += 1;
      world.code.put(CODE_KEY, `v${uploads}`);
    }
    carryOut(world, pipelineId, deed);
    done.push({ atMs: world.nowMs(), pipelineId, deed, record: world.configs.records.get(pipelineId) });
  }
  world.send(BYSTANDER, 5);
}

function carryOut(world: World, pipelineId: string, deed: Deed): void {
  switch (deed.kind) {
    case 'edit': {
      const { expiresInSeconds, ...fields } = deed.fields;
      const expiry =
        typeof expiresInSeconds === 'number'
          ? { expiresAt: Math.floor(world.nowMs() / 1000) + expiresInSeconds }
          : {};
      world.configs.put(pipelineId, { ...sound(world, pipelineId), ...fields, ...expiry });
      return;
    }
    case 'spoil':
      world.configs.put(pipelineId, { ...sound(world, pipelineId), [deed.field]: deed.value });
      return;
    case 'remove':
      world.configs.remove(pipelineId);
      return;
    case 'send':
      world.send(pipelineId, deed.count, deed);
      return;
    case 'meddle':
      meddle(world, pipelineId, deed.how);
      return;
    case 'foreign':
      addForeign(world, pipelineId, deed.what);
      return;
    case 'abort':
      for (const execution of world.executions.running) {
        if ((execution.input as { pipelineId?: string }).pipelineId === pipelineId) execution.abort();
      }
      return;
    case 'poison':
      world.poison.add(pipelineId);
      return;
    case 'reconciler':
      world.reconciles = deed.on;
      return;
    case 'upload':
      return;
  }
}

function addForeign(world: World, pipelineId: string, what: Foreign['what']): void {
  const made = makeForeign(world, pipelineId, what);
  if (made) world.foreign.push(made);
}

/** The record without what spoils it, or with an expiry that is past: the next edit mends it. */
function sound(world: World, pipelineId: string): Readonly<Record<string, unknown>> {
  const {
    expiresAt: _expiresAt,
    concurency: _misspelt,
    ...record
  } = world.configs.records.get(pipelineId) ?? {};
  const kept = Object.entries(record).filter(
    ([field, value]) => !SPOILT.has(`${field} ${JSON.stringify(value)}`),
  );
  return { ...Object.fromEntries(kept), pipelineId };
}

const SPOILT = new Set([
  'concurrency 0',
  'concurrency "two"',
  'timeoutSeconds 901',
  'visibilityTimeoutSeconds 1',
  'environment {"SLUICE_X":"no"}',
  'batchSize 500',
]);
