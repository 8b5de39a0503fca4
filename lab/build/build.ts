/** `npm run build`: packages every function and the example's consumer, and prints how big they are. */
import { bundleSizes } from './bundle-sizes.ts';
import { buildConsumer } from './consumer.ts';
import { packageStage } from './package-stage.ts';

const folder = await packageStage('build');
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`.padStart(9);

console.log(`${'function'.padEnd(20)}${['code', 'map', 'zip'].map((title) => title.padStart(9)).join('')}`);
for (const { name, codeBytes, mapBytes, zipBytes } of await bundleSizes(folder)) {
  console.log(`${name.padEnd(20)}${[codeBytes, mapBytes, zipBytes].map(kilobytes).join('')}`);
}
const consumer = await buildConsumer();
const unmapped = [kilobytes(consumer.entryBytes), ''.padStart(9), kilobytes(consumer.zipBytes)];
console.log(`${'consumer.zip'.padEnd(20)}${unmapped.join('')}`);
console.log(`\n${folder}\n${consumer.path}`);
