import { refused } from '../../core/flow/group.ts';
import type { Hold } from '../../core/flow/hold.ts';
import { BYSTANDER } from './bystander.ts';
import type { Done } from './history.ts';
import { meddle } from './meddle.ts';
import type { Action, Deed, ReleaseLike, Story } from './story.ts';
import type { Behaviour } from './world/code-bucket.ts';
import { type Foreign, makeForeign } from './world/people.ts';
import { controlRollout } from './world/rollout-functions.ts';
import { CODE_KEY, type World } from './world/world.ts';

const BEHAVIOURS: Readonly<Record<ReleaseLike, Behaviour>> = {
  good: {},
  fails: { fails: 1 },
  failsHalf: { fails: 0.5 },
  slow: { slowdown: 3 },
  failsTrial: { trialFails: 'no such module' },
  unreadable: { archive: { kind: 'unreadable', reason: 'no zip' } },
};

/** Does what the story tells, one deed after another, and notes it. */
export async function act(
  story: Story,
  names: readonly string[],
  world: World,
  done: Done[],
  say: (what: string, pipelineId?: string) => void,
): Promise<void> {
  let uploads = 2;
  const upload = (like: ReleaseLike): string => {
    uploads += 1;
    world.upload(CODE_KEY, `v${uploads}`, BEHAVIOURS[like]);
    return `v${uploads}`;
  };
  world.send(BYSTANDER, 5);
  const begin = story.first.map(
    (fields, on): Action => ({ afterSeconds: 0, on, deed: { kind: 'edit', fields } }),
  );
  for (const { afterSeconds, on, deed } of [...begin, ...story.actions]) {
    await world.pass(afterSeconds);
    const pipelineId = names[on] ?? '';
    say(`ACTION ${JSON.stringify(deed)}`, pipelineId);
    const uploaded = deed.kind === 'upload' ? { version: upload(deed.like) } : {};
    if (deed.kind === 'traffic') bringTraffic(world, names, deed.perMinute, deed.minutes);
    else if (deed.kind !== 'upload') carryOut(world, pipelineId, deed);
    const record = world.configs.records.get(pipelineId);
    done.push({ atMs: world.nowMs(), pipelineId, deed, record, ...uploaded });
  }
  world.send(BYSTANDER, 5);
}

/** Short tasks for everybody, spread over each minute. */
function bringTraffic(world: World, names: readonly string[], perMinute: number, minutes: number): void {
  const everyMs = 60_000 / perMinute;
  for (let at = 0; at < perMinute * minutes; at += 1) {
    world.clock.after(at * everyMs, () => {
      for (const name of names) world.send(name, 1, { seconds: 1 });
    });
  }
}

function carryOut(
  world: World,
  pipelineId: string,
  deed: Exclude<Deed, { kind: 'upload' | 'traffic' }>,
): void {
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
    case 'control': {
      const { kind: _kind, ...request } = deed;
      controlRollout(world, request);
      return;
    }
    case 'hold':
      holdGroup(world, pipelineId, deed.seconds, deed.cause);
      return;
    case 'unhold':
      world.holds.remove(pipelineId);
      return;
    case 'abortRollouts':
      for (const execution of world.rollouts.running) execution.abort();
      return;
  }
}

/** How long after its end DynamoDB forgets what it knows of a group that has nothing more to say. */
const FORGOTTEN_AFTER_MS = 900_000;

/** What a consumer writes whose task was refused, or whose tasks fail; and what becomes of it. */
function holdGroup(world: World, pipelineId: string, seconds: number, cause: Hold['cause']): void {
  const nowMs = world.nowMs();
  const before = world.holds.read(pipelineId) ?? {};
  const untilMs = nowMs + seconds * 1000;
  if (cause === 'throttled') {
    const refusal = { startedAtMs: nowMs, retryAfterMs: seconds * 1000, nowMs, random: () => 0.5 };
    const after = refused(refusal)(before);
    if (after !== undefined) world.holds.put(pipelineId, after);
  } else {
    const evidence = { tasks: 20, failed: 19 };
    const breaker = { state: 'open', sinceMs: nowMs, untilMs, opened: 1, evidence } as const;
    const isLonger = untilMs > (before.hold?.untilMs ?? 0);
    const hold: Hold = { sinceMs: nowMs, untilMs, cause, guesses: 0 };
    world.holds.put(pipelineId, { ...before, ...(isLonger && { hold }), breaker });
    world.clock.after(seconds * 1000 + 1_000, () => closeBreaker(world, pipelineId, untilMs));
  }
  world.clock.after(seconds * 1000 + FORGOTTEN_AFTER_MS, () => {
    const { hold, breaker } = world.holds.read(pipelineId) ?? {};
    if ((hold?.untilMs ?? 0) <= untilMs && breaker?.state !== 'open') world.holds.remove(pipelineId, true);
  });
}

/** Its probes are well. */
function closeBreaker(world: World, pipelineId: string, untilMs: number): void {
  const state = world.holds.read(pipelineId);
  if (state?.breaker?.state !== 'open' || state.breaker.untilMs !== untilMs) return;
  const breaker = { state: 'closed', sinceMs: world.nowMs(), opened: 1 } as const;
  world.holds.put(pipelineId, { ...state, breaker });
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
