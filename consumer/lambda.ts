import type { Effects } from './effects.ts';

/**
 * The effects on Lambda. What looks references up brings the SDK with it and is loaded when the first reference
 * is met: a consumer without references never pays for it.
 */
export function lambdaEffects(): Effects {
  return {
    environment: process.env,
    nowMs: () => Date.now(),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    // Not console.log, before which Lambda puts a time, an id and a level: the line would not be JSON.
    write: (line) => process.stdout.write(`${line}\n`),
    lookUp: async (references, signal) => {
      const { lookUpReferences } = await import('../aws/reference-values.ts');
      return lookUpReferences(references, signal);
    },
  };
}
