import { spawnSync } from 'node:child_process'

// Tries the laws of money, points, coupons and the guard of sign-ins 10,000 times each, histories of 1,000 commands, and the attacks on
// accounts in their full number, on Postgres too: `npm run test:long`, or with the files that are meant.

const laws = [
  'test/accounts/full-attacks.test.ts',
  'test/accounts/sign-in-guard.test.ts',
  'test/membership/level-history.test.ts',
  'test/membership/points-laws.test.ts',
  'test/orders/history.test.ts',
  'test/orders/paying/any-delivery.test.ts',
  'test/pricing/best-combination-laws.test.ts',
  'test/pricing/best-combination.test.ts',
  'test/pricing/price-laws.test.ts',
  'test/pricing/reevaluated-refund.test.ts',
  'test/pricing/refund-of.test.ts',
  'test/promotions/coupon-laws.test.ts',
]

// What races for one row is tried where clients really do.
const races = ['test/accounts/full-attacks.test.ts', 'test/orders/history.test.ts']

const run = (project: 'memory' | 'postgres', files: readonly string[]): number =>
  spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', `--project=${project}`, '--testTimeout=3600000', ...files],
    { stdio: 'inherit', env: { ...process.env, FC_NUM_RUNS: process.env.FC_NUM_RUNS ?? '10000' } },
  ).status ?? 1

const named = process.argv.slice(2)
process.exitCode = named.length > 0 ? run('memory', named) : Math.max(run('memory', laws), run('postgres', races))
