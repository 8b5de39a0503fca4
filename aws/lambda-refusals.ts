/**
 * Lambda says many things with one error class, InvalidParameterValueException, and tells them apart only in
 * its text. These are the texts that matter here, as people met them; test/unit/aws has each in full.
 */

/** A role that was made just now takes some seconds to be known everywhere; so does its leave to use a key. */
export function isRoleNotReady(reason: string): boolean {
  return /cannot be assumed by Lambda|invalid for CreateGrant/i.test(reason);
}

/**
 * The object, or the version asked for, is not in the bucket. A version id that S3 cannot even read is an
 * invalid argument; one that names a delete marker is a method that is not allowed.
 */
export function isCodeMissing(reason: string): boolean {
  return (
    /S3 Error Code: (NoSuchKey|NoSuchVersion|InvalidArgument|MethodNotAllowed)\b/i.test(reason) ||
    /^Failed to fetch code from s3:/.test(reason) // the local stage's words
  );
}

/** What reserved concurrency would leave for all other functions is less than the account must keep. */
export function isReservationRefused(reason: string): boolean {
  return /UnreservedConcurrentExecution below its minimum value/i.test(reason);
}

/** A mapping's function, role or queue is not yet what the mapping needs; it may be in a moment. */
export function isMappingNotReady(reason: string): boolean {
  return (
    isRoleNotReady(reason) ||
    /execution role does not have permissions|ensure the role can perform/i.test(reason) ||
    /function does not exist/i.test(reason) ||
    /NonExistentQueue/i.test(reason) ||
    // The queue's longer timeout may not have reached everywhere.
    /visibility timeout: \d+ seconds is less than function timeout/i.test(reason)
  );
}

/** The mapping that a create ran into: its id stands at the end of the text. */
export function existingMappingId(reason: string): string | undefined {
  return /UUID\s+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i.exec(reason)?.[1];
}
