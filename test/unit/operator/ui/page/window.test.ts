import { expect, it } from '@jest/globals';
import { rowByTab } from '../../../../../operator/ui/page/overview/window.ts';

it.each([
  ['the one last gone to', 3, 100, 3],
  ['the last, once the list has become shorter', 50, 10, 9],
])('the tab key comes to %s', (_name, active, rows, row) => {
  expect(rowByTab(active, rows, { from: 0, to: 40 })).toBe(row);
});

it('a row that is not drawn is none that the tab key comes to', () => {
  expect(rowByTab(0, 100, { from: 20, to: 60 })).toBe(20);
  expect(rowByTab(90, 100, { from: 20, to: 60 })).toBe(59);
});
