import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookUpReferences } from '../../../aws/reference-values.ts';
import type { Reference } from '../../../core/references.ts';

const parameter = (path: string): Reference => ({ kind: 'parameter', path });
const secret = (id: string): Reference => ({ kind: 'secret', id });
const signal = new AbortController().signal;

/** Parameters end in their value; `/none…` are not there. Secrets likewise; `binary` has no text. */
function answer(call: string, body: { readonly Names: readonly string[]; readonly SecretId: string }) {
  if (call.endsWith('GetParameters')) {
    const there = body.Names.filter((name) => !name.startsWith('/none'));
    return { status: 200, body: { Parameters: there.map((Name) => ({ Name, Value: `value of ${Name}` })) } };
  }
  if (body.SecretId === 'gone') {
    return { status: 400, body: { __type: 'ResourceNotFoundException', message: 'no such secret' } };
  }
  if (body.SecretId === 'binary') return { status: 200, body: { SecretBinary: 'AAAA' } };
  return { status: 200, body: { SecretString: `value of ${body.SecretId}` } };
}

describe('lookUpReferences', () => {
  const calls: { readonly call: string; readonly body: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const call = String(request.headers['x-amz-target']);
    calls.push({ call, body });
    const reply = answer(call, body);
    response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(reply.body));
  });
  const before = { ...process.env };

  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
  });
  afterAll(() => {
    process.env = before;
    server.closeAllConnections();
    server.close();
  });

  it('answers each reference at its place, with its value or why there is none', async () => {
    const references = [secret('a'), parameter('/a'), secret('gone'), parameter('/none'), secret('binary')];
    expect(await lookUpReferences(references, signal)).toEqual([
      { kind: 'found', value: 'value of a' },
      { kind: 'found', value: 'value of /a' },
      { kind: 'failed', reason: expect.stringContaining('ResourceNotFoundException: no such secret') },
      { kind: 'failed', reason: 'there is no such parameter' },
      { kind: 'failed', reason: 'the secret is binary, not text' },
    ]);
  });

  it('asks for parameters decrypted and ten at a time, and for each only once', async () => {
    calls.length = 0;
    const references = [...Array.from({ length: 23 }, (_, at) => parameter(`/p${at}`)), parameter('/p0')];
    const values = await lookUpReferences(references, signal);
    expect(values).toEqual(
      references.map((one) => ({ kind: 'found', value: `value of ${one.kind === 'parameter' && one.path}` })),
    );
    expect(calls.map(({ body }) => (body.Names as string[]).length)).toEqual([10, 10, 3]);
    expect(calls.every(({ body }) => body.WithDecryption === true)).toBe(true);
  });

  it('gives up when its signal aborts', async () => {
    const [given] = await lookUpReferences([secret('a')], AbortSignal.abort());
    expect(given).toMatchObject({ kind: 'failed' });
  });
});
