/** One command of the docs, as it stands there, and what comes of it. */
export interface Step {
  /** Without what names a stage: that is the test's. */
  readonly run: string;
  /** Not of the docs: what the others need. */
  readonly isOurs?: true;
  /** What stands for the words in capitals. */
  readonly fill?: Readonly<Record<string, string>>;
  /** How it ends; 0 if left out. */
  readonly exit?: readonly number[];
  /** What it says, somewhere. */
  readonly says?: string;
  /** Ctrl-C once it has said this: it would go on. */
  readonly until?: string;
  /** It asks, and nobody is there: answered by `--yes`. */
  readonly yes?: true;
  /** Its standard input: a file of the docs. */
  readonly input?: string;
  /** Before it, one file over another: an edit that the docs tell to make. */
  readonly copies?: readonly [from: string, to: string];
  /** Afterwards these pipelines are settled, or this one is about to be. */
  readonly settles?: readonly string[];
}

/** In a session of the docs the stage is the test's: how it is named is left out. */
export function callOf(text: string): string {
  return text.replace(/ --(?:stage (?:prod|local)|region [a-z]+-[a-z]+-\d|profile \w+)(?= |$)/g, '');
}

/**
 * All commands of the docs that are run as they stand there, one session after another, against one stage. Its code is at first
 * a test's own, which works off a task at once.
 */
export const SESSIONS: Readonly<Record<string, readonly Step[]>> = {
  'a pipeline for each customer': [
    { run: 'aws ssm put-parameter --name /sluice/prod/acme/api-key --type SecureString --value $ACME_KEY' },
    { run: 'npx sluice put customers.json --dry-run', says: '+ rateLimit.tasks: 5' },
    { run: 'npx sluice put customers.json', says: 'acme: added', settles: ['acme', 'globex'] },
    { run: 'npx sluice send acme --count 20', says: '20 of 20 done' },
    { run: 'npx sluice why acme', says: 'acme: ' },
    { run: 'npx sluice logs acme --since 10m' },
    { run: 'npx sluice logs acme' },
    { run: 'npx sluice pause acme' },
    { run: 'npx sluice rm acme', yes: true },
  ],
  'groups of a night': [
    { run: 'npx sluice put night.json', says: 'night-acme: added', settles: ['night-acme'] },
    {
      run: 'npx sluice send night-acme --file acme.jsonl --finish-within 6h --burst-id night-2026-11-21-acme --dry-run',
      says: 'predicted: over in',
    },
    {
      run: 'npx sluice send night-acme --file acme.jsonl --finish-within 6h --burst-id night-2026-11-21-acme --no-watch',
      says: 'night-2026-11-21-acme',
    },
    { run: 'npx sluice events night-acme', says: 'is being made' },
  ],
  'looking, and steering a few pipelines': [
    { run: 'npx sluice put -', input: 'shop-1.json', says: 'shop-1: added', settles: ['shop-1'] },
    { run: 'npx sluice put shop-1.json --dry-run', says: 'shop-1' },
    { run: 'npx sluice ls', says: 'shop-1' },
    { run: 'npx sluice ls shop-* --sort waiting', says: 'shop-1' },
    { run: 'npx sluice ls --sort waiting' },
    { run: 'npx sluice ls --sort running' },
    { run: 'npx sluice ls --sort dead' },
    { run: 'npx sluice ls --sort verdict' },
    { run: 'npx sluice ls --phase Failed' },
    { run: 'npx sluice ls --verdict stuck' },
    { run: 'npx sluice ls --verdict held --json' },
    { run: 'npx sluice show shop-1', says: 'shop-1' },
    { run: 'npx sluice why shop-1', says: 'shop-1: ' },
    { run: 'npx sluice pause shop-*' },
    { run: 'npx sluice resume shop-*' },
    { run: 'npx sluice breaker shop-1 open' },
    { run: 'npx sluice breaker shop-1 auto' },
    { run: 'npx sluice purge shop-1 --dead-letters', yes: true },
    { run: 'npx sluice rm shop-1', yes: true },
    { run: 'npx sluice plan --tasks-per-month 1000000', says: 'a month' },
    { run: 'npx sluice plan' },
    { run: 'npx sluice doctor', exit: [0, 1] },
    { run: 'npx sluice events' },
    { run: 'npx sluice events --since 10m', says: 'shop-1' },
    { run: 'npx sluice ui', until: 'http://127.0.0.1:' },
    { run: 'npx sluice ui --port 4600', fill: { '4600': '0' }, until: 'http://127.0.0.1:' },
  ],
  bursts: [
    { run: 'npx sluice put record.json', says: 'customer-a: added', settles: ['customer-a'] },
    {
      run: 'npx sluice put examples/pipelines/customer-a.json',
      says: 'customer-a: changed',
      settles: ['customer-a'],
    },
    { run: 'npx sluice put crawl.json', isOurs: true, settles: ['crawl'] },
    { run: 'npx sluice send customer-a --count 20', says: '20 of 20 done' },
    { run: 'npx sluice why customer-a' },
    { run: 'npx sluice send ID --file tasks.jsonl', fill: { ID: 'customer-a' }, says: '5 of 5 done' },
    { run: 'npx sluice send customer-a --file tasks.jsonl --spread 10..100', until: 'with SQS' },
    { run: 'npx sluice send crawl --file - --finish-within 2h --no-watch', input: 'tasks.jsonl' },
    { run: 'npx sluice send customer-a --count 3 --burst-id nightly-2026-11-21 --no-watch', isOurs: true },
    { run: 'npx sluice watch nightly-2026-11-21', says: '3 of 3 done' },
    {
      run: 'npx sluice send customer-a --count 50 --spread 10..3600 --burst-id import-7 --no-watch',
      isOurs: true,
    },
    { run: 'npx sluice burst import-7 pause', says: 'aused' },
    { run: 'npx sluice burst import-7 replan --finish-within 10m', says: 'import-7' },
    {
      run: 'aws lambda invoke --function-name sluice-prod-burst --cli-binary-format raw-in-base64-out --payload {"burstId":"import-7","pause":true} /dev/stdout',
    },
    { run: 'npx sluice burst', says: 'import-7' },
    { run: 'npx sluice watch', until: 'import-7' },
    { run: 'npx sluice logs customer-a --since 2h', says: 'done' },
    { run: 'npx sluice logs customer-a --follow', until: 'done' },
    { run: 'npx sluice events customer-a --follow', until: 'customer-a' },
    { run: 'npx sluice dlq customer-a' },
    { run: 'npx sluice redrive customer-a --dry-run' },
    { run: 'npx sluice redrive customer-a --reason no such page* --first 10' },
    {
      run: 'aws lambda invoke --function-name sluice-prod-redrive --cli-binary-format raw-in-base64-out --payload {"pipelineId":"customer-a","dryRun":true} /dev/stdout',
    },
    {
      run: 'aws lambda invoke --function-name sluice-prod-restore-salvage --cli-binary-format raw-in-base64-out --cli-read-timeout 900 --payload {"pipelineId":"customer-a"} /dev/stdout',
    },
    { run: 'npx sluice rm customer-a', yes: true },
  ],
  'many sites': [
    { run: 'npx sluice code push examples/crawl --key crawl.zip', says: 'Done' },
    { run: 'npx sluice put examples/crawl/sites.json', says: 'site-a: added', settles: ['site-a', 'site-b'] },
    {
      run: 'npx sluice send site-a --file urls.jsonl --burst-id crawl-1 --no-watch',
      says: '3 of 3 tasks with SQS',
    },
    { run: 'npx sluice why site-*', says: 'site-b: idle' },
    { run: 'npx sluice watch crawl-1', exit: [1], says: '2 of 3 done, 1 dead letter' },
    { run: 'npx sluice dlq site-a', says: 'no such page' },
    { run: 'npx sluice breaker site-a open' },
    { run: 'npx sluice breaker site-a auto' },
    { run: 'npx sluice code push build/crawler.zip --key crawler.zip', says: 'Done' },
    { run: 'npx sluice rm site-a site-b', isOurs: true, yes: true },
  ],
  'the burst exercise': [
    { run: 'npx sluice code push examples/process-document', says: 'Done' },
    { run: 'npx sluice rollout ls', says: 'consumer.zip' },
    { run: 'npx sluice put shop.json', says: 'shop: added', settles: ['shop'] },
    { run: 'npx sluice show shop', says: 'Active' },
    { run: 'npx sluice events shop', says: 'is being made' },
    { run: 'npx sluice send shop --count 50', says: '50 of 50 done' },
    { run: 'npx sluice logs shop --since 5m', says: 'done' },
    { run: 'npx sluice send shop --count 200 --spread 10..100 --dry-run', says: 'predicted: over in 1 min' },
    { run: 'npx sluice send shop --file bad.jsonl', exit: [1], says: '6 dead letters' },
    { run: 'npx sluice dlq shop', says: 'maxAttempts' },
    { run: 'npx sluice redrive shop --first 2', exit: [0, 1], says: '2' },
    { run: 'npx sluice purge shop --dead-letters', yes: true, says: 'deleted' },
    {
      run: 'npx sluice send shop --count 200 --spread 10..100 --burst-id exercise-1',
      until: '200 of 200 tasks with SQS',
    },
    { run: 'npx sluice put shop.json', copies: ['shop-20.json', 'shop.json'], says: 'concurrency: 10 → 20' },
    { run: 'npx sluice why shop' },
    { run: 'npx sluice why ID', fill: { ID: 'shop' } },
    { run: 'npx sluice logs ID', fill: { ID: 'shop' } },
    { run: 'npx sluice dlq ID', fill: { ID: 'shop' } },
    { run: 'npx sluice redrive ID --status', fill: { ID: 'shop' } },
    { run: 'npx sluice purge shop', isOurs: true, yes: true },
    { run: 'npx sluice rm shop', yes: true },
  ],
  'rollouts by hand': [
    { run: 'npx sluice rollout show', says: 'consumer.zip' },
    { run: 'npx sluice rollout show VERSION', fill: { VERSION: '<version>' }, says: 'consumer.zip' },
    // It is done by now: nothing of it can be paused.
    { run: 'npx sluice rollout pause', exit: [1], says: 'only a rollout under way can be paused' },
    { run: 'npx sluice rollout resume', exit: [1] },
    { run: 'npx sluice rollout abort --reason wrong build', exit: [1], yes: true },
    { run: 'npx sluice rollout rollback --reason wrong totals --yes', exit: [0] },
    { run: 'npx sluice rollout retry 3sL4kq', fill: { '3sL4kq': '<version>' }, exit: [0, 1] },
    {
      run: 'aws dynamodb query --table-name sluice-<stage>-releases --key-condition-expression codeKey = :key --expression-attribute-values {":key": {"S": "consumer.zip"}} --projection-expression #version, #state, startedAt --expression-attribute-names {"#version": "version", "#state": "state"}',
      says: 'startedAt',
    },
    {
      run: 'aws lambda invoke --function-name sluice-<stage>-rollout-control --cli-binary-format raw-in-base64-out --payload {"action": "pause"} answer.json',
      exit: [0, 1],
    },
    {
      run: 'aws lambda invoke --function-name sluice-<stage>-rollout-control --cli-binary-format raw-in-base64-out --payload {"action": "rollback", "version": "<version>", "reason": "wrong totals"} answer.json',
      exit: [0, 1],
    },
    { run: 'aws s3 cp consumer.zip s3://<CodeBucket>/consumer.zip' },
  ],
  'in the folder of the project': [
    { run: 'npm run -s local -- status', exit: [0, 1], says: 'local' },
    { run: 'npm run build:consumer' },
    { run: 'npm run build:consumer -- FOLDER', fill: { FOLDER: 'examples/process-document' } },
    {
      run: 'npm run build:consumer -- FOLDER OTHER.zip',
      fill: { FOLDER: 'examples/crawl', 'OTHER.zip': '<scratch>/other.zip' },
    },
    // Its import wants a folder of the project.
    { run: 'npx sluice code push examples/yours', fill: { 'examples/yours': '<yours>' }, says: 'Done' },
  ],
};
