#!/usr/bin/env node
// Node runs the TypeScript as it is from 22.18 on; the project brings such a Node along for npx and npm scripts.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `sluice needs Node 22.18 or newer, and this is ${process.versions.node} — run it with npx\n`,
  );
  process.exitCode = 2;
} else {
  const { run } = await import('./main.ts');
  process.exitCode = await run(process.argv.slice(2), process.env);
}
