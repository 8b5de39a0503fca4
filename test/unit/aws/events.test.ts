import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEvents } from '../../../aws/events.ts';
import type { Ports } from '../../../aws/ports.ts';
import type { FakeAws } from './fake-aws.ts';
import { startFakeStage } from './fake-stage.ts';

let aws: FakeAws;
let ports: Ports;
beforeEach(async () => {
  ({ aws, ports } = await startFakeStage());
});
afterEach(() => aws.stop());

const publish = () => ports.events.publish('Release state changed', { state: 'Done', counts: { moved: 3 } });

describe('an event', () => {
  it('goes to the default bus with all that was given, and says what it is', async () => {
    await publish();
    expect(aws.seen).toEqual([
      {
        call: 'PutEvents',
        body: {
          Entries: [
            {
              Source: 'sluice',
              DetailType: 'Release state changed',
              Detail: '{"state":"Done","counts":{"moved":3},"says":"release ? of ? is Done"}',
            },
          ],
        },
      },
    ]);
  });

  it('stands in the log once it is published, and not before', async () => {
    const lines: unknown[] = [];
    const log = { info: (...line: unknown[]) => void lines.push(line) };
    const events = createEvents(aws.clients.events, log);
    aws.replyWith({ body: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] } });
    await expect(events.publish('Burst ended', { burstId: 'b' })).rejects.toThrow();
    expect(lines).toEqual([]);
    await events.publish('Burst ended', { burstId: 'b' });
    const says = expect.stringMatching(/^burst b is over/);
    expect(lines).toEqual([['Burst ended', { sluiceEvent: { burstId: 'b', says } }]]);
  });

  it.each([
    ['InternalFailure', true],
    ['ThrottlingException', true],
    ['MalformedDetail', false],
    ['AccessDeniedException', false],
  ])('that the bus refuses with %s is an error, though the call succeeds', async (code, retryable) => {
    const Entries = [{ ErrorCode: code, ErrorMessage: 'why' }];
    aws.replyWith({ body: { FailedEntryCount: 1, Entries } });
    await expect(publish()).rejects.toMatchObject({
      name: 'AwsError',
      message: `events:PutEvents failed: ${code}: why`,
      retryable,
    });
  });
});
