import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { buildPage } from '../../../../../operator/ui/server/build-page.ts';

const MOST_BYTES = 150_000;

it('the whole page is less than 150 KB packed', async () => {
  const assets = await buildPage();
  const bytes = [...assets.values()].reduce((sum, { content }) => sum + gzipSync(content).length, 0);
  expect([...assets.keys()].sort()).toEqual(['/', '/page.css', '/page.js']);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

it('the page has no script or style but its own, as its policy demands', async () => {
  const assets = await buildPage();
  const html = Buffer.from(assets.get('/')?.content ?? []).toString();
  expect(html).not.toMatch(/<script(?![^>]*src="\/page\.js")/);
  expect(html).not.toMatch(/<style|style="| on\w+="/);
});
