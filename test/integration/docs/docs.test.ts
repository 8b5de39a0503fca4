import { once } from 'node:events';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { callOf, SESSIONS, type Step } from '../../unit/docs/sessions.ts';
import { commandsOfPages, split } from '../../unit/docs/shell.ts';
import { eventually } from '../stage/eventually.ts';
import { consumerZip, sharedStage } from '../stage/shared-stage.ts';
import { isSettled, type TestStage } from '../stage/test-stage.ts';
import { callAws } from './aws-calls.ts';
import { createReader, type Reader } from './reader.ts';
import { type Caller, createCaller, type Ended, runStep } from './run-step.ts';

const LONGEST_MS = 240_000;
/** Commands as the docs have them, in words. */
const DOCS = new Map(commandsOfPages().map(({ text, words }) => [callOf(text), words]));

let stage: TestStage;
let reader: Reader;
let site: Server;
let caller: Caller;
beforeAll(async () => {
  stage = await sharedStage();
  site = createServer((request, response) => {
    response.statusCode = request.url === '/gone' ? 404 : 200;
    response.end('a page');
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address() as AddressInfo;
  reader = await createReader(stage.stage, `http://127.0.0.1:${port}`);
  caller = createCaller({ stage, folder: reader.folder });
  const zip = await consumerZip('first');
  for (const file of ['consumer.zip', 'build/crawler.zip']) await writeFile(join(reader.folder, file), zip);
}, LONGEST_MS);

afterAll(async () => {
  caller?.end();
  site?.closeAllConnections();
  site?.close();
  // What the other files go by.
  const version = await stage?.uploadCode('consumer.zip', await consumerZip('first'));
  if (version !== undefined) await isDone(version);
  for (const folder of [reader?.folder, reader?.yours]) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}, LONGEST_MS);

/** In order: what one does, the next one goes by. */
it.each(Object.entries(SESSIONS))(
  'the docs’ commands for %s do what they say',
  async (_name, steps) => {
    for (const step of steps) {
      if (step.copies)
        await copyFile(...(step.copies.map((name) => join(reader.folder, name)) as [string, string]));
      const ended = await take(step);
      const asItShould = step.until === undefined ? (step.exit ?? [0]) : [0, 130];
      expect({
        run: step.run,
        ...ended,
        exit: asItShould.includes(ended.exit) ? 'as it should' : ended.exit,
      }).toEqual({
        run: step.run,
        exit: 'as it should',
        said: expect.stringContaining(step.says ?? step.until ?? ''),
      });
      for (const pipelineId of step.settles ?? []) await stage.until(pipelineId, isSettled);
    }
  },
  LONGEST_MS,
);

async function take(step: Step): Promise<Ended> {
  const words = step.isOurs ? split(step.run)[0] : DOCS.get(step.run);
  if (words === undefined) throw new RangeError(`the docs do not have ${step.run}`);
  const filled = await fill(withoutStage(words), step.fill);
  const { folder } = reader;
  if (words[0] === 'aws') return callAws(filled, stage, folder);
  const wantsOwn = words[1] !== 'sluice' || step.until !== undefined || step.input !== undefined;
  if (wantsOwn) return runStep(filled, step, { stage, folder });
  return caller.call([...filled.slice(2), ...(step.yes ? ['--yes'] : [])]);
}

/** A word can hold blanks, so the stage is left out word by word. */
function withoutStage(words: readonly string[]): readonly string[] {
  if (words[1] !== 'sluice') return words;
  const names = (word: string | undefined) =>
    word === '--stage' || word === '--region' || word === '--profile';
  return words.filter((word, at) => !names(word) && !names(words[at - 1]));
}

/** The names of this stage for those of the docs. */
async function fill(words: readonly string[], own: Step['fill'] = {}): Promise<readonly string[]> {
  const releases = await stage.ports.releases.ofKey('consumer.zip');
  const newest = releases.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0];
  const fills: Readonly<Record<string, string>> = {
    ...own,
    'sluice-prod-': `sluice-${stage.stage}-`,
    '/sluice/prod/': `/sluice/${stage.stage}/`,
    '<stage>': stage.stage,
    '<version>': newest?.version ?? '',
    '<CodeBucket>': stage.outputs.CodeBucket ?? '',
    '<scratch>': reader.folder,
    '<yours>': reader.yours,
    $ACME_KEY: 'a key',
  };
  return words.flatMap((word) => {
    const text = Object.entries(fills).reduce((all, [from, to]) => all.replaceAll(from, to), word);
    return word in own ? text.split(' ') : [text];
  });
}

const isDone = (version: string) =>
  eventually(
    () => stage.ports.releases.read('consumer.zip', version),
    (release) => release?.state === 'Done',
    'the release of the other files is done',
    60,
  );
