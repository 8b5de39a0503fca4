import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { CommandFault, EXIT } from './exit-codes.ts';

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Where a command speaks: results to standard output, talk to standard error. */
export interface Terminal {
  /** A result; a line end is added. */
  print(text: string): void;
  /** Talk; a line end is added. */
  say(text: string): void;
  /** Colours of results: none where standard output is no terminal, or somebody has asked for none. */
  readonly paint: Paint;
  /** Colours of talk. */
  readonly paintTalk: Paint;
  /** Columns of results; undefined: no terminal, nothing is cut off. */
  readonly width: number | undefined;
  /** All of standard input. */
  readAll(): Promise<string>;
  /**
   * Asks a question that is answered with yes or no.
   * @throws {CommandFault} where nobody is there to answer
   */
  confirm(question: string): Promise<boolean>;
}

/** The terminal of this process. */
export function processTerminal(env: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    print: (text) => void stdout.write(`${text}\n`),
    say: (text) => void stderr.write(`${text}\n`),
    paint: hasColours(stdout, env) ? painted : plain,
    paintTalk: hasColours(stderr, env) ? painted : plain,
    width: stdout.isTTY ? stdout.columns : undefined,
    async readAll() {
      if (stdin.isTTY) stderr.write('reading from the keyboard, until Ctrl-D:\n');
      const parts: Buffer[] = [];
      for await (const part of stdin) parts.push(part as Buffer);
      return Buffer.concat(parts).toString('utf8');
    },
    async confirm(question) {
      if (!stdin.isTTY || !stderr.isTTY) {
        throw new CommandFault(
          EXIT.usage,
          `${question} — nobody is there to answer: call it with --yes where that is meant`,
        );
      }
      const lines = createInterface({ input: stdin, output: stderr });
      // Ctrl-C reaches whoever reads the keyboard, as a key; without an end of the input nobody would answer any more.
      const left = new Promise<never>((_, reject) => {
        lines.once('SIGINT', () =>
          reject(new CommandFault(EXIT.interrupted, 'interrupted, nothing is changed')),
        );
      });
      const ended = new Promise<string>((resolve) => {
        lines.once('close', () => resolve(''));
      });
      try {
        const answer = await Promise.race([lines.question(`${question} [y/N] `), left, ended]);
        if (answer === '') stderr.write('\n');
        return /^y(es)?$/i.test(answer.trim());
      } finally {
        lines.close();
      }
    },
  };
}

const painted: Paint = (style, text) => styleText(style, text, { validateStream: false });
export const plain: Paint = (_, text) => text;

/** https://no-color.org: any value but an empty one asks for none. */
function hasColours(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env.NO_COLOR && stream.hasColors(env as object);
}
