import type { Facts } from '../../../../core/verdict/why.ts';
import { account, breaker, changing, counts, later, NOW, open, status } from './facts.ts';

const { applied: _none, ...unbuilt } = status({ phase: 'Creating', built: false });
/** What is so, what is known of it, and what is said of it. */
export const examples: [string, Omit<Facts, 'nowMs'>, string][] = [
  ['nobody has asked for it', {}, 'no such pipeline'],
  [
    'it is gone',
    { status: status({ phase: 'Deleted', salvage: { uri: 's3://x', count: 3 } }) },
    'deleted, 3 tasks salvaged',
  ],
  [
    'it is taken down',
    {
      status: status({ phase: 'Draining', closing: { sinceMs: later(-100), processingOver: false } }),
      counts: counts(5, 2),
    },
    'draining, 7 tasks left; what is left at 15:13:20Z (in 13 min 20 s) is salvaged',
  ],
  [
    'it is taken down, and the time for its tasks is over',
    {
      status: status({ phase: 'Draining', closing: { sinceMs: later(-901), processingOver: false } }),
      counts: counts(5),
    },
    'draining, 5 tasks left; what is left is about to be salvaged',
  ],
  [
    'it is taken down, and no task of it starts any more',
    {
      status: status({ phase: 'Deleting', closing: { sinceMs: later(-990), processingOver: true } }),
      counts: counts(5),
    },
    'being taken down, 5 tasks left, which will be salvaged',
  ],
  [
    'it is taken down as its record wanted it',
    {
      status: status({
        phase: 'Draining',
        closing: { sinceMs: NOW, discard: true, processingOver: false },
      }),
      counts: counts(1),
    },
    'being taken down, 1 task left, which will be discarded',
  ],
  [
    'its teardown fails',
    {
      status: status({
        phase: 'Failed',
        closing: { sinceMs: later(-100), processingOver: true },
        error: { code: 'AccessDenied', message: 'may not delete', step: 'DeleteQueues', at: '' },
      }),
    },
    'the last change failed in step DeleteQueues (AccessDenied): may not delete',
  ],
  [
    'its record came back as a bad one while it was taken down',
    {
      status: status({
        phase: 'Rejected',
        closing: { sinceMs: later(-100), processingOver: true },
        error: { code: 'OutOfRange', message: 'no', path: 'concurrency', at: '' },
      }),
    },
    'its record is rejected: no',
  ],
  [
    'its record is gone since a moment',
    { status: status(), asked: 'teardown', counts: counts(4) },
    'about to follow its record: it will be taken down within seconds, 4 tasks waiting',
  ],
  [
    'it has just been paused, and works on',
    { status: status(), asked: 'pause', counts: counts(4, 2) },
    'about to follow its record: it will be paused within seconds, 4 tasks waiting',
  ],
  [
    'it has just been resumed',
    { status: status({}, { paused: true }), asked: 'resume', counts: counts(4) },
    'about to follow its record: it will be woken within seconds, 4 tasks waiting',
  ],
  [
    'its record is bad, and there was none before',
    {
      status: {
        ...unbuilt,
        phase: 'Rejected',
        error: {
          code: 'InvalidRecord',
          message: 'concurrency must be 1 or more, got 0',
          path: 'concurrency',
          at: '',
        },
      },
    },
    'its record is rejected: concurrency must be 1 or more, got 0',
  ],
  [
    'its record has turned bad',
    { status: status({ phase: 'Rejected', error: { code: 'InvalidRecord', message: 'no', at: '' } }) },
    'its record is rejected: no (the pipeline goes on as it was)',
  ],
  [
    'there is no code for it yet',
    {
      status: {
        ...unbuilt,
        phase: 'Rejected',
        error: { code: 'Missing', message: 'no code', path: 'codeKey', at: '' },
        failures: { count: 1, retryAtMs: later(30) },
      },
    },
    'its record is rejected: no code; looked at again at 15:00:30Z (in 30 s)',
  ],
  [
    'a step failed',
    {
      status: status({
        phase: 'Failed',
        error: { code: 'AccessDenied', message: 'may not create', step: 'EnsureQueues', at: '' },
        failures: { count: 2, retryAtMs: later(60) },
      }),
    },
    'the last change failed in step EnsureQueues (AccessDenied): may not create (the pipeline goes on as it was); tried again at 15:01:00Z (in 1 min)',
  ],
  ['it is being made', { status: unbuilt }, 'being made'],
  [
    'who was making it has died',
    {
      status: {
        ...unbuilt,
        run: { kind: 'create', step: 'CreateMapping', startedAtMs: later(-900), verify: false },
        lease: { owner: 'x', untilMs: later(-1), busyUntilMs: later(-1), pending: false },
      },
    },
    'being made, in step CreateMapping, where its run died: the reconciler begins another',
  ],
  [
    'a rollout changes its code, and nothing runs meanwhile',
    { status: changing('codeSync'), counts: counts(9) },
    'being changed to other code, in step UpdateCode, 9 tasks waiting',
  ],
  [
    'an edit is brought about, and nothing runs meanwhile',
    { status: changing('update'), counts: counts(9) },
    'being changed, in step UpdateCode, 9 tasks waiting',
  ],
  [
    'it is paused',
    { status: status({}, { paused: true }), counts: counts(12) },
    'paused by its record, 12 tasks waiting',
  ],
  [
    'its breaker is forced open',
    { status: status({}, { breaker: { ...breaker, force: 'open' } }), counts: counts(1) },
    'its breaker is forced open by its record, 1 task waiting',
  ],
  [
    'its breaker is open',
    { status: status({}, { breaker }), group: { breaker: open } },
    'its breaker is open since 14:59:00Z, next probe at 15:01:30Z (in 1 min 30 s)',
  ],
  [
    'its breaker tries',
    {
      status: status({}, { breaker }),
      group: {
        breaker: {
          state: 'halfOpen',
          sinceMs: later(-5),
          opened: 1,
          succeeded: 0,
          probes: [{ id: 'p', untilMs: later(9) }],
        },
      },
    },
    'its breaker is probing since 14:59:55Z whether the trouble is over, 1 probe running',
  ],
  [
    'it was told to wait',
    {
      status: status(),
      group: { hold: { sinceMs: NOW, untilMs: later(3_700), cause: 'throttled', guesses: 0 } },
    },
    'held by a 429 or 503 until 16:01:40Z (in 1 h 1 min)',
  ],
  [
    'it guesses how long to wait',
    {
      status: status(),
      group: { hold: { sinceMs: NOW, untilMs: later(4), cause: 'throttled', guesses: 2 } },
    },
    'held by a 429 or 503 until 15:00:04Z (in 4 s), how long is a guess',
  ],
  [
    'somebody has switched its mapping off',
    { status: status(), mapping: 'off', counts: counts(40) },
    'its event source mapping is off and should be on, 40 tasks waiting',
  ],
  [
    'it rests, and has tasks that nobody told of',
    { status: status({ resting: true }), mapping: 'off', counts: counts(40) },
    'its consumer is about to wake, 40 tasks waiting',
  ],
  [
    'its queue has just been purged',
    { status: status(), counts: counts(1_000, 2), purgedAtMs: later(-12) },
    'being purged since 14:59:48Z: SQS still counts 1,002 tasks, for up to a minute',
  ],
  [
    'what its environment refers to is not there',
    { status: status(), counts: counts(0, 5), unresolved: { atMs: later(-30), variables: ['KEY', 'B'] } },
    'its consumer could not begin at 14:59:30Z: environment.KEY and environment.B have no value',
  ],
  [
    'the account is full',
    {
      status: status(),
      counts: counts(9, 1),
      account: { ...account, committedConcurrency: 1_250 },
      accountRunning: 1_000,
    },
    'the account runs as much as it may: 1,000 at once, which its pipelines together may exceed by 250',
  ],
  [
    'its tasks die',
    { status: status(), counts: counts(9, 1), deadLetters: { letters: 1_200, perMinute: 12.5 } },
    'dead-lettering: 12.5 a minute, 1,200 in all',
  ],
  [
    'nobody takes its tasks',
    { status: status(), mapping: 'on', counts: counts(9), oldestSeconds: 600 },
    'nothing consumes: 9 tasks waiting for 10 min and none runs',
  ],
  [
    'its rate limit binds',
    {
      status: status({}, { concurrency: 5, rateLimit: { tasks: 120, perSeconds: 60 } }),
      counts: counts(100, 20),
      taskSeconds: 1,
    },
    'working at its rate limit, 2/s: 20 received, 100 waiting, done in about 1 min',
  ],
  [
    'its concurrency binds',
    { status: status({}, { concurrency: 5 }), counts: counts(1_000, 5), taskSeconds: 3 },
    'working at its concurrency limit, 5: 5 received, 1,000 waiting, done in about 10 min 3 s',
  ],
  [
    'it does not, it works',
    { status: status({}, { concurrency: 5 }), counts: counts(0, 3), taskSeconds: 3 },
    'working: 3 received, 0 waiting, done in about 2 s',
  ],
  [
    'it works, for how long nobody has measured',
    { status: status({}, { concurrency: 5 }), counts: counts(95, 5) },
    'working at its concurrency limit, 5: 5 received, 95 waiting, done in about 20 s if a task takes 1 s',
  ],
  [
    'it works, and more comes later',
    {
      status: status({}, { concurrency: 5 }),
      counts: counts(0, 3, 30),
      taskSeconds: 3,
      unsent: { tasks: 1_000, lastDueMs: later(7_200), paused: 400 },
    },
    'working: 3 received, 0 waiting, done in about 2 s; 1,030 tasks to come later, the last at 17:00:00Z (in 2 h), 400 of them of a paused burst',
  ],
  [
    'a burst comes bit by bit',
    { status: status(), counts: counts(0, 0, 30), unsent: { tasks: 1_000, lastDueMs: later(7_200) } },
    'burst still being released: nothing waits, 1,030 tasks to come later, the last at 17:00:00Z (in 2 h)',
  ],
  [
    'its burst is paused',
    {
      status: status(),
      counts: counts(0),
      unsent: { tasks: 1_000, lastDueMs: later(7_200), paused: 1_000 },
    },
    'burst still being released: nothing waits, 1,000 tasks of a paused burst to come',
  ],
  [
    'there is nothing to do, but to look at what died',
    { status: status(), counts: counts(0), deadLetters: { letters: 3, perMinute: 0 } },
    'idle, 3 dead letters',
  ],
  ['there is nothing to do', { status: status(), counts: counts(0), mapping: 'on' }, 'idle'],
  [
    'there is nothing to do, and it rests',
    { status: status({ resting: true }), counts: counts(0), mapping: 'off' },
    'idle, its consumer rests',
  ],
];
