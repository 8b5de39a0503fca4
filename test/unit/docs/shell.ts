import { blocksOf, PAGES, proseOf } from './pages.ts';

/** A command of a page, in words. */
export interface DocCommand {
  /** `docs/recipes.md:12`, or without a line where it stands in a sentence. */
  readonly where: string;
  readonly words: readonly string[];
  readonly text: string;
}

const SHELLS: readonly string[] = ['sh', 'console', 'bash', 'shell'];
const INLINE = /`((?:npx (?:sluice|serverless)|npm (?:run|start|test|ci)|aws (?=[a-z0-9]+ )|node )[^`\n]*)`/g;

/** Every command in the pages: line by line in blocks of a shell, and within sentences. */
export function commandsOfPages(): readonly DocCommand[] {
  return PAGES.flatMap((path) => [...commandsOfBlocks(path), ...commandsOfProse(path)]);
}

function commandsOfBlocks(path: string): readonly DocCommand[] {
  return blocksOf(path)
    .filter(({ language }) => SHELLS.includes(language))
    .flatMap(({ line, text }) =>
      // A line that is continued keeps the number of its block.
      text
        .replace(/\\\n\s*/g, ' ')
        .split('\n')
        .flatMap((one, index) => commandsOfLine(one, `${path}:${line + index}`)),
    );
}

function commandsOfProse(path: string): readonly DocCommand[] {
  return [...proseOf(path).matchAll(INLINE)].flatMap(([, text = '']) => commandsOfLine(text, path));
}

function commandsOfLine(line: string, where: string): readonly DocCommand[] {
  return split(line.replace(/^\$ /, ''))
    .map((words) => ({ where, words, text: words.join(' ') }))
    .filter(({ words }) => words.length > 0);
}

/** What a shell makes of a line: its commands, each in words; no comments, and nothing from a redirection on. */
export function split(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let isCut = false;
  for (const [, quoted, double, plain] of line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)) {
    if (plain?.startsWith('#')) break;
    if (plain === '&&' || plain === '||' || plain === '|' || plain === ';') {
      commands.push([]);
      isCut = false;
    } else if (plain !== undefined && /^(<<<|<|>)$/.test(plain)) isCut = true;
    else if (!isCut) commands.at(-1)?.push(quoted ?? double ?? plain ?? '');
  }
  return commands;
}
