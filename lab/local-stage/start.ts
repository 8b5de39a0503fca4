/** `npm start`: the local stage with the example consumer and pipelines, shown live until Ctrl-C. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClients } from '../../aws/clients.ts';
import { createConfigRecords } from '../../aws/config-records.ts';
import { createStageInputs } from '../../aws/stage-inputs.ts';
import { createStatusRecords } from '../../aws/status-records.ts';
import { createTaskQueues } from '../../aws/task-queues.ts';
import { type StagePage, startPage } from './page.ts';
import { buildConsumer, readExamplePipelines, seed } from './seed.ts';
import { bringUp, type LocalStage } from './stage.ts';
import { endStage } from './stage-state.ts';
import { changedRows, pipelineTable } from './view.ts';
import { readRows, type Watched } from './watch.ts';

const REDRAW_MS = 500;
const CALL_MS = 5000;
const CLEAR = '\u001b[H\u001b[J';

const ending = new AbortController();
let page: StagePage | undefined;
// Once: a second Ctrl-C ends even a stop that hangs.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());

try {
  await start(ending.signal);
} catch (error) {
  if (!ending.signal.aborted) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
} finally {
  say('\nstopping');
  await page?.end();
  await endStage();
}

async function start(signal: AbortSignal): Promise<void> {
  const startMs = Date.now();
  const [stage, zip, records] = await allOrNone(
    (both) => [bringUp(false, say, both), buildConsumer(both), readExamplePipelines()] as const,
    signal,
  );
  const { pipelinesTable, statusTable, codeBucket } = namesOf(stage);
  const clients = createClients({ callMs: CALL_MS, connection: stage });
  await seed(createStageInputs(clients, { pipelinesTable, codeBucket }), zip, records);
  say(`ready after ${((Date.now() - startMs) / 1000).toFixed(1)} s`);
  page = startPage({ signal });
  await show(stage, page, signal, {
    configRecords: createConfigRecords(clients.documents, pipelinesTable),
    statusRecords: createStatusRecords(clients.documents, statusTable),
    queues: createTaskQueues(clients.sqs, { consumerRoleArn: '', callMs: CALL_MS }),
  });
}

function namesOf({ outputs }: LocalStage) {
  const name = (output: string) => {
    const value = outputs[output];
    if (value === undefined) throw new Error(`the stack has no output ${output}`);
    return value;
  };
  return {
    pipelinesTable: name('PipelinesTable'),
    statusTable: name('StatusTable'),
    codeBucket: name('CodeBucket'),
  };
}

/** A terminal is redrawn; into a file or a pipe goes a line for whatever changes. */
async function show(
  stage: LocalStage,
  { url }: StagePage,
  signal: AbortSignal,
  watched: Watched,
): Promise<void> {
  let pageAt = 'the page is being packed';
  void url.then((at) => {
    if (signal.aborted) return;
    pageAt = at === undefined ? 'the page could not be started: npx sluice ui says why' : `the page: ${at}`;
    if (!process.stdout.isTTY) say(pageAt);
  });
  const headOf = () => [
    `Sluice, stage ${stage.stage}, at ${stage.endpoint}`,
    pageAt,
    `add, edit or delete records in the table ${stage.outputs.PipelinesTable}; Ctrl-C stops everything`,
    '',
  ];
  let seen: ReadonlyMap<string, string> = new Map();
  while (!signal.aborted) {
    const rows = await readRows(watched);
    if (process.stdout.isTTY) {
      const head = headOf();
      const table = pipelineTable(rows, process.stdout.columns).slice(
        0,
        process.stdout.rows - head.length - 1,
      );
      process.stdout.write(`${CLEAR}${[...head, ...table].join('\n')}\n`);
    } else {
      const changes = changedRows(seen, rows);
      seen = changes.seen;
      for (const line of changes.lines) say(`${new Date().toISOString()} ${line}`);
    }
    await sleep(REDRAW_MS, undefined, { signal });
  }
}

/** Where one part fails, the others are ended before it is reported: nothing goes on against a stopped stage. */
async function allOrNone<const T extends readonly Promise<unknown>[]>(
  begin: (signal: AbortSignal) => T,
  signal: AbortSignal,
) {
  const failed = new AbortController();
  const parts = begin(AbortSignal.any([signal, failed.signal]));
  try {
    return await Promise.all(parts);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(parts);
    throw error;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
