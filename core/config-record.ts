/** The config record: what a person writes, what is wrong with it, what it asks for. */
export type { ConfigFacts } from './config-record/cross-field-rules.ts';
export { parseConfigRecord, parseSpread } from './config-record/parse.ts';
export type { Spread } from './config-record/spread.ts';
export type { Wanted } from './config-record/wanted.ts';
