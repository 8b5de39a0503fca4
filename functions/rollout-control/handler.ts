import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { type ControlResult, control } from './control.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** Does something to a rollout by hand. A refusal is thrown: its name is the code that callers branch on. */
export const handler = middy<unknown, ControlResult>().handler((input) => control(input, ports));
