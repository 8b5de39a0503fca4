/** Who may import whom. `npm run check` holds the tree to it; docs/how-it-works.md says why. */

/** A folder, and the only folders of ours that it may import. */
const layers = {
  core: ['core'],
  aws: ['aws', 'core'],
  functions: ['functions', 'aws', 'core'],
  consumer: ['consumer', 'core'],
  operator: ['operator', 'aws', 'core'],
  examples: ['examples', 'consumer', 'core'],
  lab: ['lab', 'aws', 'consumer', 'core', 'examples', 'functions', 'statemachines'],
};
const ours = 'aws|consumer|core|examples|functions|lab|operator|statemachines|test';

/**
 * Where a consumer meets AWS: the one file that hands it its effects. And the lab packs code with what people pack it
 * with, and measures the page as they are served it.
 */
const exceptions = {
  consumer: { from: '^consumer/lambda\\.ts$', to: '^aws/(reference-values|consumer-bursts|consumer-messages|consumer-shared)\\.ts$' },
  lab: { from: '^lab/(build|bench|docs-screens)/', to: '^operator/(packing|ui/server|views)/' },
};

const layerRules = Object.entries(layers).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-${allowed.join('-')}`,
  severity: 'error',
  from: { path: `^${folder}/`, ...(exceptions[folder] ? { pathNot: exceptions[folder].from } : {}) },
  to: { path: `^(${ours})/`, pathNot: `^(${allowed.join('|')})/` },
}));

const exceptionRules = Object.entries(exceptions).map(([folder, { from, to }]) => ({
  name: `${folder}-beyond-its-layer-only-there`,
  severity: 'error',
  from: { path: from },
  to: { path: `^(${ours})/`, pathNot: [`^(${layers[folder].join('|')})/`, to] },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...exceptionRules,
    {
      name: 'only-aws-imports-the-sdk',
      comment: 'Everybody else acts through the ports of aws/ports.ts. Examples are what you would write.',
      severity: 'error',
      from: { pathNot: '^(aws|test|examples)/' },
      to: { path: '^node_modules/@(aws-sdk|smithy)/' },
    },
    {
      name: 'the-page-asks-its-server',
      comment: 'It runs in a browser: of ours it imports what is pure, and the types of what it is sent.',
      severity: 'error',
      from: { path: '^operator/ui/page/' },
      to: { path: `^(${ours})/`, pathNot: '^(core/|operator/ui/(page/|wire\\.ts)|operator/views/)' },
    },
    {
      name: 'the-page-is-light',
      comment: 'What is in it besides goes over with it.',
      severity: 'error',
      from: { path: '^operator/ui/page/' },
      to: { path: '^node_modules/', pathNot: '^node_modules/(preact|@preact|uplot)/' },
    },
    {
      name: 'core-is-pure',
      comment: 'No effects in core: of Node it may use what only computes, of packages the schema library.',
      severity: 'error',
      from: { path: '^core/' },
      to: {
        pathNot: '^(core/|(node:)?(crypto|util|assert|buffer)$|node_modules/zod/)',
      },
    },
    {
      name: 'functions-do-not-import-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-circles',
      comment: 'Types may refer to each other: they are gone before anything is loaded.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'deployed-code-needs-no-development-packages',
      severity: 'error',
      from: { path: '^(aws|consumer|core|functions)/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
