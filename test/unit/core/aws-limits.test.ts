import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import * as limits from '../../../core/aws-limits.ts';
import { pipelineNames } from '../../../core/names.ts';

const source = readFileSync(new URL('../../../core/aws-limits.ts', import.meta.url), 'utf8');

it.each(Object.entries(limits))('gives the address of the page that states %s', (name, value) => {
  const docstring = source.split(`export const ${name} =`)[0]?.split('/**').at(-1);
  expect(docstring).toMatch(/@see https:\/\/docs\.aws\.amazon\.com\/\S+\n \*\/\n$/);
  expect(value).toBeGreaterThan(0);
});

it('fits the longest names of the longest stage', () => {
  const names = pipelineNames('s'.repeat(10), 'p'.repeat(40));
  expect(names.function.length).toBeLessThanOrEqual(limits.FUNCTION_NAME_CHARACTERS);
  expect(names.deadLetterQueue.length).toBeLessThanOrEqual(limits.QUEUE_NAME_CHARACTERS);
});
