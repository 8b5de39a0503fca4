import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { WATCHING_USD } from '../../../core/capacity/price.ts';
import { projectRoot } from '../../../lab/local-stage/paths.ts';
import { readPage } from './pages.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const entries = (path: string) => readdirSync(join(projectRoot, path)).length;
const count = (path: string, word: string) => read(path).split(word).length - 1;
const WORDS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const inWords = (number: number) => WORDS[number] ?? String(number);

it('docs/alternatives.md counts the parts that there are', () => {
  const [functions, machines] = [entries('functions'), entries('statemachines')];
  const tables = count('resources/tables.yml', 'AWS::DynamoDB::Table');
  expect(readPage('docs/alternatives.md')).toContain(
    `${inWords(functions)} functions, ${inWords(machines)} state machines, ${inWords(tables)} tables`,
  );
});

it('the docs count the alarms that there are', () => {
  const alarms = count('resources/alarms.yml', 'AWS::CloudWatch::Alarm');
  expect(readPage('docs/deploying.md')).toContain(`a stage has ${alarms}, however many pipelines`);
  expect(readPage('docs/recipes.md')).toContain(`and [${alarms - 4} more](operating.md#alarms)`);
});

it('the price of watching an idle stage is the same everywhere', () => {
  const usd = WATCHING_USD.toFixed(2);
  expect(readPage('docs/operating.md')).toContain(`| **watching** | **${usd}** |`);
  expect(readPage('docs/deploying.md')).toContain(`watching $${usd}`);
  expect(readPage('docs/deploying.md')).toContain(`- **Idle**: $${usd} a stage`);
  expect(readPage('docs/alternatives.md')).toContain(`[about $${Math.round(WATCHING_USD)}](operating.md`);
});
