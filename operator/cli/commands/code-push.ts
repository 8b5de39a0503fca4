import { readFile, stat } from 'node:fs/promises';
import { packFolder } from '../../packing/pack-folder.ts';
import type { Call } from '../command.ts';
import { CommandFault, EXIT, type ExitCode } from '../exit-codes.ts';
import { counted, number } from '../numbers.ts';
import { DEFAULT_KEY } from '../rollouts/find.ts';
import { drawnScreen, followRollout, sayingScreen } from '../rollouts/follow.ts';
import { exitCodeOf, rolloutLine } from '../rollouts/words.ts';

interface Options {
  readonly key?: string;
  readonly watch: boolean;
  readonly json?: boolean;
}

/** `sluice code push <path>`: packs a folder, or takes a zip; checks it, uploads it, and follows its rollout. */
export async function run({ args, options, terminal, signal, openDesk }: Call<Options>): Promise<ExitCode> {
  const [path = ''] = args;
  const codeKey = options.key ?? DEFAULT_KEY;
  const zip = await zipOf(path, terminal.say);
  const desk = await openDesk();
  const release = await desk.pushCode(codeKey, zip);
  terminal.say(
    `uploaded ${number(Math.ceil(zip.byteLength / 1024))} KiB as version ${release.version} of ${codeKey}`,
  );
  if (!options.watch) {
    terminal.print(options.json ? JSON.stringify(release) : `${codeKey} ${release.version}`);
    return EXIT.well;
  }
  const isDrawn = process.stderr.isTTY && !options.json;
  const screen = isDrawn ? drawnScreen(process.stderr) : sayingScreen(terminal.say);
  const record = await followRollout(desk, release, screen, signal);
  const isShown = isDrawn && process.stdout.isTTY;
  if (record !== undefined && !isShown) {
    terminal.print(options.json ? JSON.stringify(record) : rolloutLine(record));
  }
  if (signal.aborted || record === undefined) {
    terminal.say(
      'the rollout goes on by itself: sluice rollout show tells how far it is, abort and rollback stop it',
    );
    return EXIT.interrupted;
  }
  return exitCodeOf(record);
}

async function zipOf(path: string, say: (line: string) => void): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new CommandFault(EXIT.usage, `there is no ${path} — give a folder with a handler.ts, or a zip`);
  if (!found.isDirectory()) return readFile(path);
  try {
    const { zip, files } = await packFolder(path);
    say(`packed ${path}: ${counted(files.size, 'file')}`);
    return zip;
  } catch (error) {
    throw new CommandFault(EXIT.usage, (error as Error).message);
  }
}
