/** The config record: what a person writes, what is wrong with it, what it asks for. */
export { parseConfigRecord, parseSpread } from './config-record/parse.ts';
export type { ConfigFacts } from './config-record/rule.ts';
export { CONFIG_FIELDS } from './config-record/schema.ts';
export type { Spread } from './config-record/spread.ts';
export type { Wanted } from './config-record/wanted.ts';
