import middy from '@middy/core';
import type { SNSEvent } from 'aws-lambda';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { uploadsIn } from '../../core/code-event.ts';
import { listen } from './listen.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** The code topic: every upload of consumer code starts a rollout. SNS hands over one message at a time. */
export const handler = middy<SNSEvent, void>().handler((event) =>
  listen(
    event.Records.flatMap((record) => uploadsIn(record.Sns.Message)),
    settings.consumers.codeBucket,
    ports,
  ),
);
