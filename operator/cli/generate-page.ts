/** Part of `npm run docs:generate`: what docs/command-line.md says of each command, and docs/page.md of what looking costs. */
import { readFile, writeFile } from 'node:fs/promises';
import { withPriceTable } from '../ui/price-table.ts';
import { withCommands } from './command-page.ts';
import { COMMANDS } from './commands.ts';

const PAGES: Readonly<Record<string, (page: string) => string>> = {
  'command-line.md': (page) => withCommands(page, COMMANDS),
  'page.md': withPriceTable,
};
for (const [name, made] of Object.entries(PAGES)) {
  const file = new URL(`../../docs/${name}`, import.meta.url);
  await writeFile(file, made(await readFile(file, 'utf8')));
}
