import { bundleConsumer, coldStartFiles } from '../../../operator/packing/bundle-consumer.ts';
import { folderOf } from './contenders.ts';

/** The runtime, minified, around a handler that does nothing. Bytes. */
export interface RuntimeSize {
  /** All of it, what is loaded later too; only the SDK is left out. */
  readonly withoutSdk: number;
  /** What a cold start always loads. */
  readonly coldStart: number;
  /** All of it and the SDK: loaded where limits, retries or references need it. */
  readonly withSdk: number;
}

export async function runtimeSize(): Promise<RuntimeSize> {
  const folder = folderOf('sluice');
  const [alone, whole] = [
    await bundleConsumer(folder, ['@aws-sdk/*', '@smithy/*']),
    await bundleConsumer(folder),
  ];
  return {
    withoutSdk: codeBytes(alone),
    coldStart: codeBytes(coldStartFiles(whole)),
    withSdk: codeBytes(whole),
  };
}

function codeBytes(files: ReadonlyMap<string, Uint8Array>): number {
  const code = [...files].filter(([name]) => name.endsWith('.mjs'));
  return code.reduce((bytes, [, file]) => bytes + file.length, 0);
}
