import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { CommandEntry, CommandOption, StageOptions } from './command.ts';

/** Calls a command: its arguments, one list, and its options. */
export type Caller = (
  entry: CommandEntry,
  args: readonly string[],
  options: Readonly<Record<string, unknown>> & StageOptions,
) => Promise<void>;

/** The command line as commander knows it, made from the list of commands. */
export function createProgram(
  entries: readonly CommandEntry[],
  version: () => string,
  call: Caller,
): Command {
  const program = new Command('sluice')
    .description('See and steer the pipelines of a stage: every task group, its limits, its tasks.')
    .usage('<command> [options]')
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError('(sluice --help shows what there is)')
    .addHelpText('after', '\nsluice <command> --help tells more, with examples.');
  program.option('--version', 'which version this is').on('option:version', () => {
    process.stdout.write(`${version()}\n`);
    throw new VersionShown();
  });
  for (const entry of entries) addCommand(program, entry, call);
  for (const parent of program.commands.filter(({ commands }) => commands.length > 0)) {
    parent.description(`${parent.commands.map((command) => command.name()).join(', ')}.`);
  }
  return program;
}

/** It was asked for the version, and has told it. */
export class VersionShown extends Error {
  override readonly name = 'VersionShown';
}

function addCommand(program: Command, entry: CommandEntry, call: Caller): void {
  const words = entry.name.split(' ');
  const name = words.pop() ?? '';
  const command = parentOf(program, words, entry.group)
    .command(name)
    .helpGroup(`${entry.group}:`)
    .description(entry.summary);
  for (const { name: text, about } of entry.arguments) command.addArgument(new Argument(text, about));
  for (const option of entry.options) command.addOption(optionOf(option));
  onStage(command).addHelpText('after', examplesOf(entry));
  command.action(async () => {
    await call(entry, command.args, command.opts());
  });
}

function parentOf(program: Command, words: readonly string[], group: string): Command {
  return words.reduce(
    (parent, word) =>
      parent.commands.find((one) => one.name() === word) ??
      parent.command(word).helpGroup(`${group}:`).helpCommand(false),
    program,
  );
}

function optionOf({ flags, about, choices, parse, default: preset }: CommandOption): Option {
  const option = new Option(flags, about);
  if (choices !== undefined) option.choices([...choices]);
  if (parse !== undefined) {
    option.argParser((text) => {
      try {
        return parse(text);
      } catch (error) {
        throw new InvalidArgumentError((error as Error).message);
      }
    });
  }
  return preset === undefined ? option : option.default(preset);
}

function examplesOf({ examples }: CommandEntry): string {
  const lines = examples.map(({ call, about }) => `  npx ${call}\n      ${about}`);
  return ['', examples.length === 1 ? 'Example:' : 'Examples:', ...lines].join('\n');
}

/** Options of every command: all ask a stage. */
function onStage(command: Command): Command {
  return command
    .option('--stage <name>', 'which stage', 'local')
    .option('--region <name>', 'where it is; else as the AWS SDK finds it')
    .option('--profile <name>', 'of your AWS credentials; else as the AWS SDK finds them');
}
