import type { MessageAttribute } from '../dead-letter.ts';
import { BURST_ATTRIBUTES } from './attributes.ts';
import type { Place } from './place.ts';

/** Which task of which burst a message is; undefined where it is of none. */
export function burstTaskOf(
  attributes: Readonly<Record<string, MessageAttribute>>,
): Pick<Place, 'burstId' | 'index'> | undefined {
  const burstId = attributes[BURST_ATTRIBUTES.burstId]?.value;
  const index = Number(attributes[BURST_ATTRIBUTES.index]?.value);
  return burstId === undefined || !Number.isSafeInteger(index) || index < 0 ? undefined : { burstId, index };
}
