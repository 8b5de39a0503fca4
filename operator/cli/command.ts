import type { Stage } from '../stage/stage.ts';
import type { Desk } from '../views/desk.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** A command of `sluice`, as far as `--help` needs to know it: what it does is loaded once it is called. */
export interface CommandEntry {
  /** As it is typed; `code push` is a command of a command. */
  readonly name: string;
  /** As commander reads them: `<id>`, `[glob]`, `<ids...>`. */
  readonly arguments: readonly CommandArgument[];
  readonly group: 'Pipelines' | 'Tasks' | 'Code' | 'Stage';
  /** One sentence for people, with its full stop. */
  readonly summary: string;
  readonly options: readonly CommandOption[];
  /** At least one: what people would type, after `npx`. */
  readonly examples: readonly Example[];
  readonly load: () => Promise<CommandModule>;
}

export interface CommandArgument {
  readonly name: string;
  readonly about: string;
}

export interface CommandOption {
  /** As commander reads them: `--json`, `--sort <column>`, `--no-look`. */
  readonly flags: string;
  readonly about: string;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
  /** Reads what was typed; throws an Error whose message says what is allowed. */
  readonly parse?: (text: string) => unknown;
}

export interface Example {
  readonly call: string;
  readonly about: string;
}

/** A file of operator/cli/commands/. */
export interface CommandModule {
  /** Each command knows its own options: commander has read them as its entry says. */
  readonly run: (call: Call<never>) => Promise<ExitCode>;
}

/** A command that was called. */
export interface Call<Options = Readonly<Record<string, unknown>>> {
  /** The arguments in their order, all words of the last one (`<ids...>`) by themselves. */
  readonly args: readonly string[];
  readonly options: Options & StageOptions;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The stage that was named, opened once and closed after the command. */
  openStage(): Promise<Stage>;
  openDesk(): Promise<Desk>;
}

/** Options of every command. */
export interface StageOptions {
  readonly stage: string;
  readonly region?: string;
  readonly profile?: string;
}
