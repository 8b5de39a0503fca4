import { signal } from '@preact/signals';
import { type Fault, KEY_HEADER, type SessionAnswer } from '../../wire.ts';

/** Whether the server knows this browser. */
export type Session =
  | { readonly kind: 'starting' }
  | { readonly kind: 'in' }
  | { readonly kind: 'over'; readonly message: string };

export const session = signal<Session>({ kind: 'starting' });

/** What the server has answered instead of what it was asked for. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  readonly status: number;
  readonly fault: Fault;

  constructor(status: number, fault: Fault) {
    super(fault.message);
    this.status = status;
    this.fault = fault;
  }
}

/** Under which the key is kept for this page's origin, its port included: a tab that is opened from another needs it, too. */
const KEY = 'sluice-key';

/** @throws {ApiFault} */
export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: {
      [KEY_HEADER]: localStorage.getItem(KEY) ?? '',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const response = await fetch(path, init).catch(() => {
    throw new ApiFault(0, { code: 'Gone', message: 'the server of this page does not answer', problems: [] });
  });
  const answer = await response.json();
  if (response.ok) return answer as T;
  const fault = answer as Fault;
  if (response.status === 401) session.value = { kind: 'over', message: fault.message };
  throw new ApiFault(response.status, fault);
}

export function get<T>(path: string): Promise<T> {
  return call<T>('GET', path);
}

/** The path of a pipeline, or of what is below it. */
export function pipelinePath(pipelineId: string, below = ''): string {
  return `/api/pipelines/${encodeURIComponent(pipelineId)}${below}`;
}

const TOKEN = /^#token=([\w-]+)$/;

/** Exchanges the token of the address for the cookie and the key, and takes it out of the address and the history. */
export async function enter(): Promise<void> {
  const token = TOKEN.exec(location.hash)?.[1];
  if (token !== undefined) {
    history.replaceState(null, '', '#/');
    const { key } = await call<SessionAnswer>('POST', '/api/session', { token });
    localStorage.setItem(KEY, key);
  }
}
