import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../../lab/local-stage/paths.ts';
import { isMention, isUsage } from './mentions.ts';
import { NOT_RUN, RUN_ELSEWHERE, SAME_AS } from './register.ts';
import { callOf, SESSIONS } from './sessions.ts';
import { commandsOfPages } from './shell.ts';

/** Every call in the docs, once. */
const CALLS = new Set(
  commandsOfPages()
    .filter(({ text, where, words }) => !isUsage(text) && (where.includes(':') || !isMention(words)))
    .map(({ text }) => callOf(text)),
);
const steps = Object.values(SESSIONS).flat();
const run = steps.filter(({ isOurs }) => !isOurs).map((step) => step.run);
const REGISTERS = [RUN_ELSEWHERE, SAME_AS, NOT_RUN].map((register) => Object.keys(register));

describe('every command in the docs', () => {
  it('is run by a session, as it stands there, or by another test, or says why no test runs it', () => {
    const registered = new Set([...run, ...REGISTERS.flat()]);
    expect([...CALLS].filter((call) => !registered.has(call))).toEqual([]);
  });

  it('is registered once, and none that the docs do not have', () => {
    const all = [...new Set(run), ...REGISTERS.flat()];
    expect(all.filter((call, at) => all.indexOf(call) !== at)).toEqual([]);
    expect(all.filter((call) => !CALLS.has(call))).toEqual([]);
    expect(Object.values(SAME_AS).filter((call) => !run.includes(call))).toEqual([]);
    expect(Object.values(RUN_ELSEWHERE).filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
  });

  it('of sluice is run, but for one that wants another stack', () => {
    const unrun = Object.keys(NOT_RUN).filter((call) => call.startsWith('npx sluice'));
    expect(unrun).toEqual(['npx sluice watch customer-a/november']);
    expect(new Set(run.filter((call) => call.startsWith('npx sluice'))).size).toBeGreaterThan(70);
  });
});
