import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run mutation`: changes the decisions that keep the limits, one small change at a time, and sees whether a test
 * notices. The tests of a change are those of test/mutation.jest.js that import its file and run into it.
 */
export default {
  mutate: ['core/flow/*.ts', 'core/pacing.ts', 'core/backoff.ts', 'consumer/fate.ts'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { configFile: 'test/mutation.jest.js', enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: ['clear-text', 'progress', 'html'],
  htmlReporter: { fileName: '.local/mutation/report.html' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  // Not in this folder: Jest would find everything twice meanwhile.
  tempDirName: join(tmpdir(), 'sluice-mutation'),
  cleanTempDir: 'always',
  // What is copied into the sandbox: only what those tests read.
  ignorePatterns: ['/*', '!/core', '!/consumer', '!/lab/simulator', '!/test', '!/package.json'],
  disableTypeChecks: false,
};
