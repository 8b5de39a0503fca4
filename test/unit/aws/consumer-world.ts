import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

/** A server for what a consumer calls: its clients know it from the environment, as on Lambda. */
export function onFakeAws(): () => FakeAws {
  const before = { ...process.env };
  let aws: FakeAws | undefined;
  const get = () => {
    if (aws === undefined) throw new Error('it is started before the first test');
    return aws;
  };
  beforeAll(async () => {
    aws = await startFakeAws(2_000);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.connection.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
  });
  beforeEach(() => {
    get().replyWith();
    get().seen.splice(0);
    get().headers.splice(0);
  });
  afterAll(async () => {
    process.env = before;
    await get().stop();
  });
  return get;
}
