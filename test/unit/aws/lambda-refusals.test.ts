import { describe, expect, it } from '@jest/globals';
import {
  existingMappingId,
  isCodeMissing,
  isMappingNotReady,
  isReservationRefused,
  isRoleNotReady,
} from '../../../aws/lambda-refusals.ts';
import * as says from './refusal-texts.ts';

const ALL: readonly string[] = Object.values(says);

describe('refusals of Lambda', () => {
  it.each<[string, (reason: string) => boolean, string[]]>([
    ['the role is not ready', isRoleNotReady, [says.ROLE, says.GRANT]],
    [
      'the code is missing',
      isCodeMissing,
      [says.NO_KEY, says.NO_VERSION, says.BAD_VERSION, says.DELETE_MARKER],
    ],
    ['there is no room to reserve', isReservationRefused, [says.NO_ROOM_100, says.NO_ROOM_10]],
    [
      'the mapping has to wait',
      isMappingNotReady,
      [
        says.ROLE,
        says.GRANT,
        says.NO_RECEIVE,
        says.NO_RECEIVE_NEW,
        says.NO_QUEUE,
        says.SHORT_VISIBILITY,
        says.NO_FUNCTION,
      ],
    ],
  ])('say that %s in these texts and no others', (_what, test, texts) => {
    expect(ALL.filter(test)).toEqual(ALL.filter((text) => texts.includes(text)));
  });

  it.each([
    'An event source mapping with SQS arn (" arn:aws:sqs:us-east-1:542754589326:azul-tallies_retry-prod.fifo ") and function (" azul-indexer-prod-aggregate_retry ") already exists. Please update or delete the existing mapping with UUID 2bac96f9-a36e-4017-a5a4-aa977086a2b6',
    'The event source arn (" arn:aws:kinesis:us-east-1:108206174331:stream/jazz ") and function (" jazz ") provided mapping already exists. Please update or delete the existing mapping with UUID 2bac96f9-a36e-4017-a5a4-aa977086a2b6',
  ])('name the mapping that exists', (text) => {
    expect(existingMappingId(text)).toBe('2bac96f9-a36e-4017-a5a4-aa977086a2b6');
  });

  it('may name none', () => {
    expect(existingMappingId('A mapping for sluice-pipe-dev-2bac96f9-a36e exists.')).toBeUndefined();
  });
});
