import type { Call, CommandModule } from '../../../../../operator/cli/command.ts';
import type { ExitCode } from '../../../../../operator/cli/exit-codes.ts';
import { plain, type Terminal } from '../../../../../operator/cli/terminal.ts';
import type { Stage } from '../../../../../operator/stage/stage.ts';
import type { Desk } from '../../../../../operator/views/desk.ts';

/** How a command is called in a test. */
export interface CallWith {
  readonly args?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly desk?: Partial<Desk>;
  readonly stage?: Partial<Stage>;
  /** What is on standard input. */
  readonly input?: string;
  /** What is answered to questions; absent: nobody is there. */
  readonly answer?: boolean;
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface CameOf {
  readonly exitCode: ExitCode;
  /** Lines of standard output. */
  readonly printed: readonly string[];
  /** Lines of standard error. */
  readonly said: readonly string[];
  readonly questions: readonly string[];
}

/** Calls a command with a desk that is made up. */
export async function callWith({ run }: CommandModule, given: CallWith): Promise<CameOf> {
  const [printed, said, questions]: [string[], string[], string[]] = [[], [], []];
  const terminal: Terminal = {
    print: (text) => void printed.push(...text.split('\n')),
    say: (text) => void said.push(text),
    paint: plain,
    paintTalk: plain,
    width: undefined,
    readAll: async () => given.input ?? '',
    async confirm(question) {
      questions.push(question);
      if (given.answer === undefined) throw new Error('nobody is there to answer');
      return given.answer;
    },
  };
  const call: Call = {
    args: given.args ?? [],
    options: { stage: 'dev', ...given.options },
    terminal,
    env: {},
    signal: given.signal ?? new AbortController().signal,
    openStage: async () => given.stage as Stage,
    openDesk: async () => given.desk as Desk,
  };
  const exitCode = await run(call as unknown as Call<never>);
  return { exitCode, printed, said, questions };
}
