/** `npm run build`: packages every function and prints how big the bundles are. */
import { bundleSizes } from './bundle-sizes.ts';
import { packageStage } from './package-stage.ts';

const folder = await packageStage('build');
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`.padStart(9);

console.log(`${'function'.padEnd(20)}${['code', 'map', 'zip'].map((title) => title.padStart(9)).join('')}`);
for (const { name, codeBytes, mapBytes, zipBytes } of await bundleSizes(folder)) {
  console.log(`${name.padEnd(20)}${[codeBytes, mapBytes, zipBytes].map(kilobytes).join('')}`);
}
console.log(`\nin ${folder}`);
