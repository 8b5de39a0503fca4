import { transformSync } from 'esbuild';

/** Jest's transform: takes the types off, with source maps, and leaves everything else as it is. */
export default {
  process(source, path) {
    const { code } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcemap: 'inline',
      sourcefile: path,
    });
    return { code };
  },
};
