import { expect, it } from '@jest/globals';
import { burstsHref, pipelineHref, routeOf } from '../../../../../operator/ui/page/state/route.ts';

it.each([
  ['', { screen: 'overview' }],
  ['#token=abc', { screen: 'overview' }],
  ['#/events', { screen: 'events' }],
  ['#/pipelines/a/record', { screen: 'pipeline', pipelineId: 'a', tab: 'record' }],
  ['#/pipelines/a/other', { screen: 'nowhere' }],
  ['#/pipelines/%', { screen: 'nowhere' }],
  ['#/bursts/%E0%A4%A', { screen: 'nowhere' }],
  [pipelineHref('a/b %'), { screen: 'pipeline', pipelineId: 'a/b %', tab: 'now' }],
  [burstsHref('a b'), { screen: 'bursts', pipelineId: 'a b' }],
])('%s', (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
});
