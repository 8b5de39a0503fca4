import { signal } from '@preact/signals';
import type { StageAnswer } from '../../wire.ts';

/** Which stage this page is of; undefined until the server has said so. */
export const stage = signal<StageAnswer | undefined>(undefined);
