/** Commands of the docs that are run, though not by a session: by this test, in nearly these words. */
export const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'npx serverless deploy': 'test/integration/stage/shared-stage.ts',
  'npx serverless remove': 'test/integration/two-stages.test.ts',
  'npm run docs:generate': 'test/unit/lab/docs/generate-configuration.test.ts',
  'npm run sim -- --seeds 1000': 'test/simulation/promises-one.test.ts',
  'npm run sim -- --seeds N': 'test/simulation/promises-one.test.ts',
};

/** The same call as another one of the docs, by other names. */
export const SAME_AS: Readonly<Record<string, string>> = {
  'npx sluice code push FOLDER': 'npx sluice code push examples/process-document',
};

const LONG =
  'takes minutes and both processors to itself: its parts have tests, and what it found stands in the docs';
const LOCAL =
  'takes over the one local stage of this folder, which somebody may be working with: what it does, an emulator, a deploy, code and records, the tests do on stages of their own';
const BUCKET = 'wants the stack of the example beside a stage: test/unit/examples runs its functions';

/** Commands that no test runs, with the reason. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci': 'a test cannot take away the packages that it runs with',
  'npm test': 'it is what runs this',
  'git pull': 'is not of this project, and would change what is tested',
  'npm start': LOCAL,
  'npm run local -- up': LOCAL,
  'npm run demo': LONG,
  'npm run demo:burst': LONG,
  'npm run demo:limits': LONG,
  'npm run demo:rollout': LONG,
  'npm run bench': LONG,
  'npm run bench -- <row>…': LONG,
  'npm run bench -- calls': LONG,
  'npm run bench -- cli': LONG,
  'npm run bench -- creation': LONG,
  'npm run bench -- example': LONG,
  'npm run bench -- page': LONG,
  'npm run bench -- peaks': LONG,
  'npm run bench -- predictions': LONG,
  'npm run bench -- rollouts': LONG,
  'npm run bench -- runtime': LONG,
  'npm run bench -- scale': LONG,
  'npm run bench -- sending': LONG,
  'npm run docs:screens':
    'takes pictures that a person looks at, for some minutes: what they show, the tests of the page try',
  'cd examples/documents': BUCKET,
  'export AWS_ENDPOINT_URL=http://127.0.0.1:PORT AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=000000000000 AWS_SECRET_ACCESS_KEY=local':
    'the tests have the same in the environment of each command',
  'aws s3 cp --recursive november/ s3://sluice-documents-prod-ACCOUNT-REGION/uploads/customer-a/november/':
    BUCKET,
  'aws s3api put-object --bucket sluice-documents-prod-ACCOUNT-REGION --key uploads/customer-a/november/_COMPLETE':
    BUCKET,
  'npx sluice watch customer-a/november': BUCKET,
};
