import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createBursts } from '../../../aws/bursts.ts';
import { systemClock } from '../../../aws/clock.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
});
afterEach(() => aws.stop());

const keyOf = (id: string) => ({ burstKey: { S: id }, openKey: { S: 'open' }, checkAtMs: { N: '1' } });
const item = (id: string) => ({
  ...keyOf(id),
  burstId: { S: id },
  pipelineId: { S: 'a' },
  revision: { N: '1' },
  state: { S: 'Paused' },
  total: { N: '9' },
  segments: { L: [] },
});

it('finds open bursts beyond the first page, which holds fewer than were asked for, and no more of them', async () => {
  aws.replyWith(
    { body: { Items: [item('b1'), item('b2')], LastEvaluatedKey: keyOf('b2') } },
    { body: { Items: [item('b3')], LastEvaluatedKey: keyOf('b3') } },
  );
  const found = await createBursts(aws.clients.documents, 'bursts', systemClock).open(10, 3);
  expect(found.map(({ burstId }) => burstId)).toEqual(['b1', 'b2', 'b3']);
  expect(aws.seen.map(({ body }) => body)).toMatchObject([
    { IndexName: 'open', Limit: 3 },
    { IndexName: 'open', Limit: 1, ExclusiveStartKey: keyOf('b2') },
  ]);
});
