// The module order: a module imports only modules that stand before it in this list, never itself later, never a sibling.
const modules = [
  'shared',
  'notify',
  'accounts',
  'catalog',
  'inventory',
  'promotions',
  'membership',
  'pricing',
  'cart',
  'payments',
  'orders',
  'aftersales',
  'settlement',
  'support',
  'storefront',
]

const runtimePackages = ['neverthrow', 'zod', 'ts-pattern', 'decimal\\.js', 'nanoid', 'mitt']

const orderRules = modules.slice(0, -1).map((name, rank) => ({
  name: `order-${name}`,
  comment: `${name} stands before these modules: it learns of them as facts in its input.`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: `^src/(${modules.slice(rank + 1).join('|')})/` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...orderRules,
    {
      name: 'known-modules',
      comment: 'Every folder of src/ has a place in the module order above.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: `^src/((${modules.join('|')})/|index\\.ts$|shop\\.ts$|shop-(access|binding|events|messages|personal-records|ports|reactions|upkeep)\\.ts$)`,
      },
      to: {},
    },
    {
      name: 'facade-on-top',
      comment: 'Modules know neither the facade nor the public page.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: {
        path: '^src/(index|shop|shop-access|shop-binding|shop-events|shop-messages|shop-personal-records|shop-ports|shop-reactions|shop-upkeep)\\.ts$',
      },
    },
    {
      name: 'public-pages-are-for-users',
      comment:
        "A module's index.ts is its public page; inside src/ the concrete file is imported, so that bundles stay small.",
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/index\\.ts$' },
      to: { path: '^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'core-without-adapters',
      comment: 'Adapters know the core; the core knows ports.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^adapters/' },
    },
    {
      name: 'core-without-node',
      comment: 'The core runs in a browser.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-runtime-packages',
      comment: 'A package in src/ costs every user: only these six.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/', pathNot: `node_modules/(${runtimePackages.join('|')})/` },
    },
    {
      name: 'zod-in-schemas',
      comment: 'Schemas stand beside the types they check, so that a rule costs no schema.',
      severity: 'error',
      from: { path: '^src/', pathNot: '(\\.schema\\.ts|^src/shared/schema-of\\.ts)$' },
      to: { path: 'node_modules/zod/' },
    },
    {
      name: 'machines-are-pure',
      comment: 'decide and evolve get time, ids and facts in the command.',
      severity: 'error',
      from: { path: '^src/.*machine\\.ts$' },
      to: { path: '(/ports\\.ts$|node_modules/(nanoid|mitt|zod)/|\\.schema\\.ts$)' },
    },
    {
      name: 'adapters-by-the-front-door',
      comment: "An adapter imports the core as a stranger's would: by its public name.",
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^src/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'adapters-stand-alone',
      comment:
        'An adapter uses no other; what they share is public in the core, or a file beside their folders. The best hasher chooses among the others: that is all it is.',
      severity: 'error',
      from: {
        path: '^adapters/((?:gateways|identity|passkeys|passwords|notify)/[^/]+|[^/]+)/',
        pathNot: '^adapters/passwords/best/',
      },
      to: { path: '^adapters/', pathNot: '^adapters/($1/|(gateways|identity|passwords)/[^/]+\\.ts$)' },
    },
    {
      name: 'not-resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-packages',
      comment: 'What is published may need only dependencies and peers.',
      severity: 'error',
      from: { path: '^(src|adapters)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['npm', 'npm-peer', 'type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
