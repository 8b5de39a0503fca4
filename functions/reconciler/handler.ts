import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { reconcile, type Tick } from './reconcile.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** The schedule's tick: constant work that finds what events missed. */
export const handler = middy<unknown, Tick>().handler((_event, context) =>
  reconcile(ports, settings, ports.clock.nowMs() + context.getRemainingTimeInMillis()),
);
