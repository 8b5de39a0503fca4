import type { CommandEntry } from '../command.ts';
import { integer } from '../read-options.ts';
import { SPREAD_OPTIONS } from '../spread-options.ts';
import { JSON_OPTION, YES_OPTION } from './options.ts';

/** Commands about tasks, in the order in which help shows them. */
export const TASK_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'send',
    arguments: [{ name: '<id>', about: 'the pipeline' }],
    group: 'Tasks',
    summary: 'Send tasks: say what will come of it, hand them over, and watch until they are done.',
    options: [
      {
        flags: '--count <tasks>',
        about: 'the tasks {"document": 1} to {"document": tasks}',
        parse: integer(1),
      },
      { flags: '--file <path>', about: 'tasks, a line of JSON each; - reads standard input' },
      ...SPREAD_OPTIONS,
      { flags: '--burst-id <id>', about: 'sent again under the same id, it goes on where it was' },
      { flags: '--dry-run', about: 'only say what would come of it' },
      { flags: '--no-watch', about: 'end once they are handed over' },
      {
        ...JSON_OPTION,
        about: 'what the trigger answers, with the predicted curve, then a line of JSON each second',
      },
    ],
    examples: [
      { call: 'sluice send customer-a --count 20', about: 'as fast as its limits allow' },
      { call: 'sluice send customer-a --file tasks.jsonl --spread 10..100', about: 'evenly over 90 seconds' },
      {
        call: 'sluice send crawl --file - --finish-within 2h --no-watch --stage prod < urls.jsonl',
        about: 'over in two hours, with as low a peak as that allows',
      },
    ],
    load: () => import('../commands/send.ts'),
  },
  {
    name: 'watch',
    arguments: [{ name: '[burstId]', about: 'one burst; else all that are open' }],
    group: 'Tasks',
    summary: 'Show how a burst is getting on until it has ended; without an id, all that are open.',
    options: [{ flags: '--json', about: 'a line of JSON each second on standard output, for programs' }],
    examples: [
      { call: 'sluice watch', about: 'every burst that is open' },
      { call: 'sluice watch nightly-2026-11-21 --stage prod', about: 'one, on AWS' },
    ],
    load: () => import('../commands/watch.ts'),
  },
  {
    name: 'burst',
    arguments: [
      { name: '[burstId]', about: 'one burst; else a list of those that are open' },
      { name: '[deed]', about: 'pause, resume, cancel or replan what of it is not sent yet' },
    ],
    group: 'Tasks',
    summary: 'Tell of a burst, or pause, resume, cancel or replan what of it is not sent yet.',
    options: [
      { flags: '--of <id>', about: 'list the bursts of this pipeline, those that are over as well' },
      ...SPREAD_OPTIONS.map((option) => ({ ...option, about: `for replan: ${option.about}` })),
      YES_OPTION,
      JSON_OPTION,
    ],
    examples: [
      { call: 'sluice burst', about: 'those that are open' },
      { call: 'sluice burst import-7 pause', about: 'nothing more of it is sent for now' },
      { call: 'sluice burst import-7 replan --finish-within 10m', about: 'what is left, planned anew' },
    ],
    load: () => import('../commands/burst.ts'),
  },
  {
    name: 'dlq',
    arguments: [{ name: '<id>', about: 'the pipeline' }],
    group: 'Tasks',
    summary: 'Show why a pipeline has dead letters, and some of them.',
    options: [
      { flags: '--look <letters>', about: 'so many are looked at, 50 else', parse: integer(1) },
      { flags: '--samples <letters>', about: 'so many are shown, 5 else', parse: integer(0) },
      JSON_OPTION,
    ],
    examples: [{ call: 'sluice dlq customer-a', about: 'reasons by how many, and five letters' }],
    load: () => import('../commands/dlq.ts'),
  },
  {
    name: 'redrive',
    arguments: [{ name: '<id>', about: 'the pipeline' }],
    group: 'Tasks',
    summary: 'Send dead letters again, at half of what the group can work at most, and follow that.',
    options: [
      { flags: '--reason <reason>', about: 'only those of this reason; a * at its end stands for anything' },
      { flags: '--first <letters>', about: 'so many and no more: a probe', parse: integer(1) },
      {
        flags: '--max-redrives <times>',
        about: 'those stay that were sent again so often, 3 else',
        parse: integer(1),
      },
      { flags: '--dry-run', about: 'only say how it would go' },
      { flags: '--status', about: 'say how far the redrive is' },
      { flags: '--stop', about: 'end the redrive' },
      { flags: '--no-watch', about: 'end once it has begun' },
      JSON_OPTION,
    ],
    examples: [
      { call: 'sluice redrive customer-a --dry-run', about: 'how many, why, how fast' },
      {
        call: "sluice redrive customer-a --reason 'no such page*' --first 10",
        about: 'a probe of one reason',
      },
    ],
    load: () => import('../commands/redrive.ts'),
  },
];
