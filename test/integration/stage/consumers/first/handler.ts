import { obedientConsumer } from '../obedient.ts';

export const handler = obedientConsumer(1);
