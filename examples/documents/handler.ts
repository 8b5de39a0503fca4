import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { createIntake } from './intake.ts';

const { BURST_BUCKET = '', TRIGGER_FUNCTION = '' } = process.env;

export const handler = createIntake({
  s3: new S3Client({}),
  lambda: new LambdaClient({}),
  burstBucket: BURST_BUCKET,
  trigger: TRIGGER_FUNCTION,
});
