import type { MessageAttribute } from '../dead-letter.ts';
import { BURST_ATTRIBUTES } from './attributes.ts';
import { isPartsId, type Place } from './place.ts';

/** Which task of which burst a message is; undefined where it is of none. */
export function burstTaskOf(
  attributes: Readonly<Record<string, MessageAttribute>>,
): Pick<Place, 'partsId' | 'index'> | undefined {
  const partsId = attributes[BURST_ATTRIBUTES.burstId]?.value ?? '';
  const index = Number(attributes[BURST_ATTRIBUTES.index]?.value);
  return !isPartsId(partsId) || !Number.isSafeInteger(index) || index < 0 ? undefined : { partsId, index };
}
