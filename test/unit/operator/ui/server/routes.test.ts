import { expect, it } from '@jest/globals';
import { matchRoute } from '../../../../../operator/ui/server/routes.ts';

it.each([
  ['GET', '/api/stage', { kind: 'route', name: 'stage', id: '' }],
  ['GET', '/api/pipelines/shop-1', { kind: 'route', name: 'pipeline', id: 'shop-1' }],
  ['PUT', '/api/pipelines/shop-1', { kind: 'route', name: 'put', id: 'shop-1' }],
  ['POST', '/api/pipelines/shop-1/paused', { kind: 'route', name: 'pause', id: 'shop-1' }],
  ['GET', '/api/bursts/nightly%202%2F3', { kind: 'route', name: 'burst', id: 'nightly 2/3' }],
  ['PATCH', '/api/stage', { kind: 'method' }],
  ['GET', '/api/nothing', { kind: 'none' }],
  ['GET', '/api/pipelines/', { kind: 'none' }],
  ['GET', '/api/bursts/%', { kind: 'none' }],
  ['GET', '/../package.json', { kind: 'none' }],
  ['GET', '/%61pi/stage', { kind: 'none' }],
])('%s %s', (method, path, expected) => {
  expect(matchRoute(method, path)).toEqual(expected);
});
