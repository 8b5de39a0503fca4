import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { parseBurstRequest } from '../../../core/burst/control-input.ts';
import { parseBurst } from '../../../core/burst/input.ts';
import { parseRedrive } from '../../../core/redrive/input.ts';
import { parseControl } from '../../../core/release/control-input.ts';
import { parseRestore } from '../../../core/salvage-restore.ts';
import { projectRoot } from '../../../lab/local-stage/paths.ts';
import { COMMANDS } from '../../../operator/cli/commands.ts';
import { createProgram } from '../../../operator/cli/program.ts';
import { isMention, isUsage } from './mentions.ts';
import { SESSIONS } from './sessions.ts';
import { commandsOfPages, type DocCommand, split } from './shell.ts';

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};

/** Calls of the AWS CLI: it is not part of the project, so tests make the same calls by the SDK. What a payload says is read here. */
const AWS_CALLS: readonly string[] = [
  'lambda invoke',
  's3 cp',
  's3api put-object',
  'ssm put-parameter',
  'dynamodb query',
];
/** What the functions that people call take. */
const PAYLOADS: Readonly<Record<string, (raw: unknown) => unknown>> = {
  burst: parseBurstRequest,
  redrive: parseRedrive,
  'restore-salvage': parseRestore,
  'rollout-control': parseControl,
  trigger: parseBurst,
};
/** Options of the framework, and of the project's plugin, with whether they take a value. */
const SERVERLESS: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  deploy: { '--stage': true, '--region': true, '--param': true, '--verbose': false },
  remove: { '--stage': true, '--region': true, '--param': true, '--discard': false },
  package: { '--stage': true, '--region': true, '--param': true },
};
/** Not of this project. */
const OTHERS: readonly string[] = ['git pull', 'git clone'];

const commands = commandsOfPages();
const of = (...beginning: readonly string[]) =>
  commands.filter(({ words }) => beginning.every((word, index) => words[index] === word));
const problemsOf = (list: readonly DocCommand[], judge: (words: readonly string[]) => string | undefined) =>
  list.flatMap(({ where, words, text }) => {
    const problem = judge(words);
    return problem === undefined ? [] : [`${where}: ${text}: ${problem}`];
  });

describe('every command in the docs', () => {
  it('is found, also after a sign of the shell and in a sentence', () => {
    expect(split(`export A=1 && npx sluice put - <<< '{"a": 1}' # why`)).toEqual([
      ['export', 'A=1'],
      ['npx', 'sluice', 'put', '-'],
    ]);
    expect(of('npx', 'sluice').length).toBeGreaterThan(80);
    expect(of('npm').length).toBeGreaterThan(15);
    expect(commands.filter(({ where }) => !where.includes(':')).length).toBeGreaterThan(10);
  });

  it('is of a kind that is looked at here', () => {
    const known = (words: readonly string[]) => {
      const [first = '', second = ''] = words;
      const isKnown =
        ['npm', 'aws', 'node', 'cd', 'export'].includes(first) ||
        (first === 'npx' && ['sluice', 'serverless'].includes(second)) ||
        OTHERS.includes(`${first} ${second}`);
      return isKnown ? undefined : 'is not known: teach this file what it is';
    };
    expect(problemsOf(commands, known)).toEqual([]);
  });

  it('of npm is a script of the project', () => {
    const judge = (words: readonly string[]) => {
      const [verb, script] = words.slice(1).filter((word) => !word.startsWith('-'));
      const name = verb === 'run' ? script : verb;
      return name === 'ci' || Object.hasOwn(scripts, name ?? '') ? undefined : `there is no script ${name}`;
    };
    expect(problemsOf(of('npm'), judge)).toEqual([]);
  });

  it('of sluice is one that there is, with arguments and options that it takes', async () => {
    const problems: string[] = [];
    for (const { where, words, text } of of('npx', 'sluice')) {
      if (isUsage(text) || (!where.includes(':') && isMention(words))) continue;
      const problem = await parsed(words.slice(2));
      if (problem !== undefined) problems.push(`${where}: ${text}: ${problem}`);
    }
    expect(problems).toEqual([]);
  });

  it('of the framework is one of its commands, with options that it has', () => {
    const judge = ([, , command = '', ...rest]: readonly string[]) => {
      const options = SERVERLESS[command];
      if (options === undefined) return `there is no ${command}`;
      for (let index = 0; index < rest.length; index += 1) {
        const takesValue = options[rest[index] ?? ''];
        if (takesValue === undefined) return `there is no ${rest[index]}`;
        if (takesValue) index += 1;
      }
      return undefined;
    };
    expect(problemsOf(of('npx', 'serverless'), judge)).toEqual([]);
  });

  it('of node, and each change of folder, names a path that is there', () => {
    const judge = (words: readonly string[]) =>
      existsSync(join(projectRoot, words[1] ?? '')) ? undefined : `there is no ${words[1]}`;
    expect(problemsOf([...of('node'), ...of('cd')], judge)).toEqual([]);
  });

  it('of the AWS CLI is listed, and calls a function with an input that it takes', () => {
    const judge = (words: readonly string[]) => {
      const [, service = '', call = ''] = words;
      if (!AWS_CALLS.includes(`${service} ${call}`)) return 'is not listed';
      const payload = words[words.indexOf('--payload') + 1];
      if (call !== 'invoke' || payload === undefined || !words.includes('--payload')) return undefined;
      const name = (words[words.indexOf('--function-name') + 1] ?? '').replace(
        /^sluice-(?:prod|<stage>)-/,
        '',
      );
      return refusalOf(() => PAYLOADS[name]?.(JSON.parse(payload)) ?? notKnown(name));
    };
    expect(problemsOf(of('aws'), judge)).toEqual([]);
  });
});

describe('every command that there is', () => {
  const folder = join(projectRoot, 'test/integration/operator');
  const sources = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');

  it('is run against a stage by some test', () => {
    const inDocs = Object.values(SESSIONS).flat();
    const isRun = ({ name }: { readonly name: string }) => {
      if (inDocs.some(({ run }) => `${run} `.startsWith(`npx sluice ${name} `))) return true;
      const words = name.split(' ').map((word) => `'${word}'`);
      // In a call, or first in a list of words that is called.
      return new RegExp(`(?:[([]|sluice\\.js'\\),)\\s*${words.join(',\\s*')}`).test(sources);
    };
    expect(COMMANDS.filter((command) => !isRun(command)).map(({ name }) => name)).toEqual([]);
  });
});

/** What commander says against it; the command itself is not called. */
async function parsed(words: readonly string[]): Promise<string | undefined> {
  let called = false;
  const program = createProgram(
    COMMANDS,
    () => '0',
    async () => {
      called = true;
    },
  );
  silence(program);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return called ? undefined : 'calls nothing';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === 'commander.helpDisplayed' ? undefined : message;
  }
}

function silence(command: Command): void {
  command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  for (const one of command.commands) silence(one);
}

function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function notKnown(name: string): never {
  throw new Error(`what ${name} takes is not known here`);
}
