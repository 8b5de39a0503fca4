/**
 * The tests that mutation testing runs: those of the files that it changes, and no others, which would be slow and
 * notice by chance. The environment tells which test runs into which change.
 */
export default {
  rootDir: '..',
  testMatch: [
    '<rootDir>/test/unit/core/flow/*.test.ts',
    '<rootDir>/test/unit/core/{pacing,backoff}.test.ts',
    '<rootDir>/test/unit/consumer/fate.test.ts',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/strip-types.js' },
  testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
};
