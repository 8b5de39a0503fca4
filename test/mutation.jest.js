/** The unit tests of decisions, as mutation testing runs them: one project, whose environment tells what runs where. */
export default {
  rootDir: '..',
  testMatch: ['<rootDir>/test/unit/{core,consumer}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/strip-types.js' },
  testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
};
