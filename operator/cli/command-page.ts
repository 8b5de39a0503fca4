import type { CommandEntry, CommandOption } from './command.ts';

/** What docs/command-line.md says of the commands, from the same list as `--help`: Markdown. */
export function commandPage(entries: readonly CommandEntry[]): string {
  const groups = [...new Set(entries.map(({ group }) => group))];
  const sections = groups.map((group) => {
    const commands = entries.filter((entry) => entry.group === group);
    return [`## ${group}`, ...commands.map(commandSection)].join('\n\n');
  });
  return sections.join('\n\n');
}

function commandSection({ name, arguments: words, summary, options, examples }: CommandEntry): string {
  const usage = ['npx sluice', name, ...words.map((word) => word.name)].join(' ');
  const table = [
    ...words.map((word) => `| \`${word.name}\` | ${cell(word.about)} |`),
    ...options.map((option) => `| \`${option.flags}\` | ${cell(optionText(option))} |`),
  ];
  return [
    `### ${name}`,
    summary,
    fence([usage]),
    ...(table.length === 0 ? [] : [['| | |', '|---|---|', ...table].join('\n')]),
    fence(examples.flatMap(({ call, about }) => [`# ${about}`, `npx ${call}`])),
  ].join('\n\n');
}

function optionText({ about, choices, default: preset }: CommandOption): string {
  return [
    about,
    ...(choices === undefined ? [] : [`: ${choices.map((choice) => `\`${choice}\``).join(', ')}`]),
    ...(preset === undefined ? [] : [` (default \`${preset}\`)`]),
  ].join('');
}

function fence(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}

const BEGIN =
  '<!-- Made from the list of commands by `npm run docs:generate`: edit operator/cli/entries/. -->';
const END = '<!-- Until here. -->';

/**
 * The page with its part on commands made anew.
 * @throws where the page does not say which part that is
 */
export function withCommands(page: string, entries: readonly CommandEntry[]): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`docs/command-line.md must have the lines ${BEGIN} and ${END}`);
  return `${page.slice(0, from)}${BEGIN}\n\n${commandPage(entries)}\n\n${page.slice(to)}`;
}
