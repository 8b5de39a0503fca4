import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Clients } from '../../../../aws/clients.ts';
import { probesOf } from '../../../../aws/probes.ts';
import { stageNames } from '../../../../core/names.ts';
import { withCommands } from '../../../../operator/cli/command-page.ts';
import { COMMANDS } from '../../../../operator/cli/commands.ts';
import { createProgram } from '../../../../operator/cli/program.ts';

const root = resolve(import.meta.dirname, '../../../..');

describe.each(COMMANDS.map((entry) => [entry.name, entry] as const))('sluice %s', (name, entry) => {
  it('says what it does in a sentence, and how it is called', () => {
    expect(entry.summary).toMatch(/^[A-Z].*\.$/);
    expect(entry.examples.length).toBeGreaterThan(0);
    for (const { call, about } of entry.examples) {
      expect(call).toContain(`sluice ${name}`);
      expect(about).not.toBe('');
    }
  });

  it('has a file that runs it', async () => {
    expect(typeof (await entry.load()).run).toBe('function');
  });

  it.each(entry.examples.map(({ call }) => [call] as const))(
    'is called as its example says: %s',
    async (call) => {
      const words = shellWords(call);
      const called: string[] = [];
      const program = createProgram(
        COMMANDS,
        () => '',
        async ({ name: command }) => {
          called.push(command);
        },
      );
      await program.parseAsync(words.slice(1), { from: 'user' });
      expect(called).toEqual([name]);
    },
  );
});

it('docs/command-line.md has every command, as the list says it (npm run docs:generate)', async () => {
  const page = await readFile(resolve(root, 'docs/command-line.md'), 'utf8');
  expect(page).toBe(withCommands(page, COMMANDS));
});

it('what is destroyed asks first: its command takes --yes', () => {
  const asking = COMMANDS.filter(({ options }) => options.some(({ flags }) => flags.includes('--yes')));
  expect(asking.map(({ name }) => name)).toEqual(expect.arrayContaining(['rm', 'purge']));
});

/** Words of a shell's line, up to where its input or its output goes. */
function shellWords(line: string): string[] {
  const words = line.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  const end = words.findIndex((word) => /^(<|>|\|)/.test(word));
  return words.slice(0, end < 0 ? words.length : end).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}

it('docs/command-line.md has a policy that allows all that the doctor tries', async () => {
  const page = await readFile(resolve(root, 'docs/command-line.md'), 'utf8');
  const policy = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '') as {
    readonly Statement: readonly { readonly Action: readonly string[] }[];
  };
  const allowed = policy.Statement.flatMap(({ Action }) => Action);
  const probes = probesOf({} as Clients, 'prod', stageNames('prod'), 'bucket', true);
  for (const { operation } of probes) expect(allowed).toContain(operation);
});
