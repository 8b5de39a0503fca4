import type { Call, CommandModule } from '../../../../operator/cli/command.ts';
import { CommandFault, EXIT } from '../../../../operator/cli/exit-codes.ts';
import type { Desk } from '../../../../operator/views/desk.ts';

/** What came of a command. */
interface Typed {
  readonly code: number;
  readonly out: readonly string[];
  readonly said: readonly string[];
}

export interface Typing {
  readonly args?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly desk?: Partial<Desk>;
  readonly input?: string;
  /** What the person answers; nobody is there without it. */
  readonly answer?: boolean;
  /** Aborted: Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** Calls a command as a person does, at a desk of the test's own. */
export async function typed(command: CommandModule, typing: Typing = {}): Promise<Typed> {
  const { args = [], options = {}, desk = {}, input = '', answer } = typing;
  const out: string[] = [];
  const said: string[] = [];
  const call: Call = {
    args,
    options: { stage: 'test', ...options },
    env: {},
    signal: typing.signal ?? new AbortController().signal,
    terminal: {
      print: (text) => void out.push(...text.split('\n')),
      say: (text) => void said.push(text),
      paint: (_, text) => text,
      paintTalk: (_, text) => text,
      width: undefined,
      readAll: async () => input,
      async confirm(question) {
        said.push(question);
        if (answer === undefined) throw new CommandFault(EXIT.usage, 'nobody is there');
        return answer;
      },
    },
    openDesk: async () => desk as Desk,
    openStage: () => Promise.reject(new Error('no stage')),
  };
  return { code: await command.run(call as unknown as Call<never>), out, said };
}
