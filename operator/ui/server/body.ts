import type { IncomingMessage } from 'node:http';
import { BadRequest } from './faults.ts';

/** What a Lambda may be given, and so a burst: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const BODY_BYTES = 6 * 1024 * 1024;

/**
 * Reads a request's JSON; `{}` of an empty one.
 * @throws {BadRequest}
 */
export async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers['content-type'] ?? '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES) throw new BadRequest(413, `the body must be ${BODY_BYTES} bytes at most`);
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  if (!type.startsWith('application/json')) throw new BadRequest(400, 'the body must be application/json');
  return mapOf(Buffer.concat(chunks).toString('utf8'));
}

function mapOf(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadRequest(400, 'the body is no JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new BadRequest(400, 'the body must be a map');
}
