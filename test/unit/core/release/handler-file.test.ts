import { describe, expect, it } from '@jest/globals';
import { handlerFiles } from '../../../../core/release/handler-file.ts';

describe('the file of a handler', () => {
  it.each([
    { runtime: 'nodejs24.x', handler: 'index.handler', files: ['index.mjs', 'index.js', 'index.cjs'] },
    {
      runtime: 'nodejs22.x',
      handler: 'src/main.tasks.run',
      files: ['src/main.mjs', 'src/main.js', 'src/main.cjs'],
    },
    {
      runtime: 'nodejs22.x',
      handler: './a.b/main.run',
      files: ['a.b/main.mjs', 'a.b/main.js', 'a.b/main.cjs'],
    },
    { runtime: 'python3.13', handler: 'main.handler', files: ['main.py', 'main/__init__.py'] },
    {
      runtime: 'python3.13',
      handler: 'tasks.main.handler',
      files: ['tasks/main.py', 'tasks/main/__init__.py'],
    },
    {
      runtime: 'python3.13',
      handler: 'tasks/main.handler',
      files: ['tasks/main.py', 'tasks/main/__init__.py'],
    },
    { runtime: 'ruby3.3', handler: 'main.handler', files: ['main.rb'] },
    { runtime: 'ruby3.3', handler: 'main.Tasks::Handler.process', files: ['main.rb'] },
  ])('of $runtime for $handler is any of $files', ({ runtime, handler, files }) => {
    expect(handlerFiles(handler, runtime)).toEqual(files);
  });

  it.each([
    { runtime: 'java21', handler: 'com.example.Handler::run' },
    { runtime: 'dotnet8', handler: 'Assembly::Namespace.Class::Run' },
    { runtime: 'provided.al2023', handler: 'bootstrap' },
  ])('of $runtime cannot be known', ({ runtime, handler }) => {
    expect(handlerFiles(handler, runtime)).toBeUndefined();
  });
});
