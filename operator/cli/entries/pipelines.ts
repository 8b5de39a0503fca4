import { VERDICT_KINDS } from '../../../core/verdict/kinds.ts';
import type { Verdict } from '../../../core/verdict/verdict.ts';
import type { CommandArgument, CommandEntry } from '../command.ts';
import { JSON_OPTION, YES_OPTION } from './options.ts';

const IDS: CommandArgument = {
  name: '<ids...>',
  about: "pipelineIds; * and ? stand for characters: 'shop-*'",
};
const ID: CommandArgument = { name: '<id>', about: 'a pipelineId' };

/** What is seen only where one pipeline is looked at: its mapping, and the log of its consumer. */
const NOT_LISTED: ReadonlySet<Verdict['kind']> = new Set(['unknown', 'switchedOff', 'unready']);
const VERDICTS = VERDICT_KINDS.filter((kind) => !NOT_LISTED.has(kind));

const PHASES = [
  'Creating',
  'Active',
  'Paused',
  'Updating',
  'SyncingCode',
  'Draining',
  'Deleting',
  'Deleted',
  'Rejected',
  'Failed',
];

/** Commands for pipelines: what people see of them, and do to them. */
export const PIPELINE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'ls',
    arguments: [{ name: '[globs...]', about: "only those: 'shop-*', a pipelineId" }],
    group: 'Pipelines',
    summary: 'List pipelines: what runs, what waits, and why.',
    options: [
      {
        flags: '--sort <column>',
        about: 'by what',
        choices: ['id', 'phase', 'verdict', 'waiting', 'running', 'dead'],
        default: 'id',
      },
      { flags: '--phase <phase>', about: 'only those in it', choices: PHASES },
      { flags: '--verdict <kind>', about: 'only those that wait for that', choices: VERDICTS },
      { flags: '--look', about: 'look at the queues also of more than 500 pipelines' },
      { flags: '--no-look', about: 'look at no queues: only what the records say' },
      JSON_OPTION,
    ],
    examples: [
      { call: 'sluice ls', about: 'all of the local stage' },
      {
        call: "sluice ls 'shop-*' --sort waiting --stage prod",
        about: 'some on AWS, the longest queues first',
      },
      { call: 'sluice ls --verdict held --json', about: 'those that a 429 holds back, for a program' },
    ],
    load: () => import('../commands/ls.ts'),
  },
  {
    name: 'show',
    arguments: [ID],
    group: 'Pipelines',
    summary: 'Show one pipeline: why it waits, its queues, its record, its latest bursts.',
    options: [{ flags: '--values', about: 'show the values of its environment, too' }, JSON_OPTION],
    examples: [{ call: 'sluice show shop-1', about: 'all that is known of it' }],
    load: () => import('../commands/show.ts'),
  },
  {
    name: 'why',
    arguments: [IDS],
    group: 'Pipelines',
    summary: 'Say why pipelines wait, until when, and what would change it.',
    options: [JSON_OPTION],
    examples: [{ call: 'sluice why shop-1', about: 'one sentence, and what to do' }],
    load: () => import('../commands/why.ts'),
  },
  {
    name: 'put',
    arguments: [
      { name: '<file>', about: 'config records as JSON, one or a list of them; - for standard input' },
    ],
    group: 'Pipelines',
    summary: 'Add pipelines, or change them: check records, show what changes, write them.',
    options: [{ flags: '--dry-run', about: 'check and show, write nothing' }, JSON_OPTION],
    examples: [
      { call: 'sluice put shop-1.json --dry-run', about: 'what would change' },
      {
        call: `sluice put - <<< '{"pipelineId": "shop-1", "concurrency": 5}'`,
        about: 'from standard input',
      },
    ],
    load: () => import('../commands/put.ts'),
  },
  {
    name: 'rm',
    arguments: [IDS],
    group: 'Pipelines',
    summary: 'Delete pipelines: their tasks drain, what is left then is kept in the salvage bucket.',
    options: [YES_OPTION, JSON_OPTION],
    examples: [{ call: 'sluice rm shop-1', about: 'says what becomes of its tasks, and asks' }],
    load: () => import('../commands/rm.ts'),
  },
  {
    name: 'pause',
    arguments: [IDS],
    group: 'Pipelines',
    summary: 'Pause pipelines: their queues take tasks, and none starts.',
    options: [JSON_OPTION],
    examples: [{ call: "sluice pause 'shop-*'", about: 'some of them' }],
    load: () => import('../commands/pause.ts'),
  },
  {
    name: 'resume',
    arguments: [IDS],
    group: 'Pipelines',
    summary: 'Let paused pipelines go on.',
    options: [JSON_OPTION],
    examples: [{ call: "sluice resume 'shop-*'", about: 'some of them' }],
    load: () => import('../commands/resume.ts'),
  },
  {
    name: 'breaker',
    arguments: [
      { name: '<id>', about: "a pipelineId, or 'shop-*'" },
      { name: '<to>', about: 'open: nothing starts; close: whatever fails; auto: by itself' },
    ],
    group: 'Pipelines',
    summary: 'Force the breaker of pipelines open or closed, or let it decide again.',
    options: [JSON_OPTION],
    examples: [
      { call: 'sluice breaker shop-1 open', about: 'nothing of it starts' },
      { call: 'sluice breaker shop-1 auto', about: 'its breaker decides again' },
    ],
    load: () => import('../commands/breaker.ts'),
  },
  {
    name: 'purge',
    arguments: [ID],
    group: 'Pipelines',
    summary: 'Delete all tasks that wait in the queue of a pipeline. They are gone.',
    options: [{ flags: '--dead-letters', about: 'its dead letters instead' }, YES_OPTION, JSON_OPTION],
    examples: [{ call: 'sluice purge shop-1 --dead-letters', about: 'asks, and deletes its dead letters' }],
    load: () => import('../commands/purge.ts'),
  },
];
