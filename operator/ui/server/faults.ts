import { DeskFault } from '../../views/desk.ts';
import type { Fault } from '../wire.ts';

const STATUS: Readonly<Record<DeskFault['code'], number>> = {
  Invalid: 422,
  Unknown: 404,
  Conflict: 409,
  NotPossible: 409,
  Unreachable: 503,
};

/** What the page is told of something that could not be done. */
export function faultAnswer(error: unknown): { readonly status: number; readonly fault: Fault } {
  if (error instanceof DeskFault) {
    const { code, message, problems } = error;
    return { status: STATUS[code], fault: { code, message, problems } };
  }
  if (error instanceof BadRequest) {
    return { status: error.status, fault: { code: 'BadRequest', message: error.message, problems: [] } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, fault: { code: 'Unexpected', message, problems: [] } };
}

/** The request itself is not as it should be. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.status = status;
  }
}
