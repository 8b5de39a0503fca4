/** Jest runs the TypeScript as ES modules; swc only strips the types. */
const transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
};
const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  testEnvironment: 'node',
});

export default {
  projects: ['unit', 'simulation', 'statemachines', 'package', 'integration', 'browser'].map(project),
};
