/** Jest runs the TypeScript as ES modules; only the types are taken off. */
const transform = { '^.+\\.ts$': '<rootDir>/test/strip-types.js' };
const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  testEnvironment: '<rootDir>/test/environment.js',
  ...(globalSetup[name] ? { globalSetup: globalSetup[name] } : {}),
  ...(globalTeardown[name] ? { globalTeardown: globalTeardown[name] } : {}),
});

/** What a project needs once, before its first test file. */
const globalSetup = {
  package: '<rootDir>/test/package/packaged-stage.ts',
  integration: '<rootDir>/test/integration/stage/begin-run.ts',
};
/** And what ends after its last, whatever became of them. */
const globalTeardown = { integration: '<rootDir>/test/integration/stage/end-shared-stage.ts' };

export default {
  // A test that takes a second takes several where others run beside it: of one that hangs half a minute tells, too.
  testTimeout: 30_000,
  projects: ['unit', 'simulation', 'statemachines', 'package', 'integration'].map(project),
};
