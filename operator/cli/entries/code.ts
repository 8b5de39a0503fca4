import type { CommandEntry } from '../command.ts';
import { JSON_OPTION, YES_OPTION } from './options.ts';

const key = { flags: '--key <key>', about: 'which code; consumer.zip else' };
const version = { name: '[version]', about: 'or how it begins; else the newest of the key' };

function steering(
  action: 'pause' | 'resume' | 'abort' | 'rollback' | 'retry',
  summary: string,
  example: CommandEntry['examples'][number],
): CommandEntry {
  const asks = action === 'abort' || action === 'rollback';
  return {
    name: `rollout ${action}`,
    arguments: [version],
    group: 'Code',
    summary,
    options: [
      key,
      { flags: '--reason <text>', about: 'stands in the release record' },
      ...(asks ? [YES_OPTION] : []),
      JSON_OPTION,
    ],
    examples: [example],
    load: async () => (await import('../commands/rollout-steer.ts')).steering(action),
  };
}

/** Commands about consumer code, in the order in which help shows them. */
export const CODE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'code push',
    arguments: [{ name: '<path>', about: 'a folder with a handler.ts, or a zip' }],
    group: 'Code',
    summary: 'Pack, check and upload consumer code, and follow its rollout to every pipeline.',
    options: [
      { ...key, about: 'under which key; consumer.zip else' },
      { flags: '--no-watch', about: 'end once it is uploaded' },
      JSON_OPTION,
    ],
    examples: [
      { call: 'sluice code push examples/process-document', about: 'a folder, to the local stage' },
      { call: 'sluice code push build/crawler.zip --key crawler.zip --stage prod', about: 'a zip, to AWS' },
    ],
    load: () => import('../commands/code-push.ts'),
  },
  {
    name: 'rollout ls',
    arguments: [],
    group: 'Code',
    summary: 'List releases, the newest first.',
    options: [{ ...key, about: 'only of this code' }, JSON_OPTION],
    examples: [{ call: 'sluice rollout ls', about: 'of all code' }],
    load: () => import('../commands/rollout-ls.ts'),
  },
  {
    name: 'rollout show',
    arguments: [version],
    group: 'Code',
    summary: 'Show a release: its waves, how its pipelines do, and what speaks against it.',
    options: [key, JSON_OPTION],
    examples: [{ call: 'sluice rollout show', about: 'the newest of consumer.zip' }],
    load: () => import('../commands/rollout-show.ts'),
  },
  steering('pause', 'Open no further wave; the one that is open is moved and watched on.', {
    call: 'sluice rollout pause',
    about: 'the newest release of consumer.zip',
  }),
  steering('resume', 'Go on with a rollout that is paused.', {
    call: 'sluice rollout resume',
    about: 'where it stopped',
  }),
  steering('abort', 'Stop a rollout for good where it is.', {
    call: 'sluice rollout abort --reason "wrong build"',
    about: 'whoever has it keeps it, nobody else gets it',
  }),
  steering('rollback', 'Take a release back: every pipeline goes back to the one before.', {
    call: 'sluice rollout rollback --reason "wrong totals" --yes',
    about: 'also after it is done',
  }),
  steering('retry', 'Begin again with a release that was rejected, rolled back, aborted or superseded.', {
    call: 'sluice rollout retry 3sL4kq',
    about: 'by the beginning of its version',
  }),
];
