/** Part of `npm run docs:generate`: writes what docs/command-line.md says of each command. */
import { readFile, writeFile } from 'node:fs/promises';
import { withCommands } from './command-page.ts';
import { COMMANDS } from './commands.ts';

const page = new URL('../../docs/command-line.md', import.meta.url);
await writeFile(page, withCommands(await readFile(page, 'utf8'), COMMANDS));
