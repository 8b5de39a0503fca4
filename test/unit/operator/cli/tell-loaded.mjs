// Tells a test what a process has loaded: `node --import .../tell-loaded.mjs …` writes a line each to file descriptor 3.
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    writeSync(3, `${found.url}\n`);
    return found;
  },
});
