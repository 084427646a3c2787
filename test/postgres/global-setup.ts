import type { TestProject, Vitest } from 'vitest/node'
import { findPooler } from '../../scripts/postgres-server/start-pooler.js'
import { migrateDatabase } from './migrate-database.js'
import { type PreparedDatabases, prepareDatabases } from './prepare-databases.js'

type Shared = { readonly prepared: Promise<PreparedDatabases>; users: number }

declare global {
  // Every project of a run loads this file anew and calls its setup: only the process is common to them.
  var shopwrightTestServers: WeakMap<Vitest, Shared> | undefined
}

/** One server serves all projects of a run; the last to leave removes it. */
globalThis.shopwrightTestServers ??= new WeakMap<Vitest, Shared>()
const sharedByRun = globalThis.shopwrightTestServers

const joinRun = (run: Vitest): Shared => {
  const known = sharedByRun.get(run)
  if (known !== undefined) return known
  const shared = { prepared: prepareDatabases(process.env.DATABASE_URL, migrateDatabase), users: 0 }
  sharedByRun.set(run, shared)
  return shared
}

/** Gives every test file of the run a Postgres to open databases on, and removes it all at the end. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const shared = joinRun(project.vitest)
  shared.users += 1
  const first = shared.users === 1
  const prepared = await shared.prepared
  if (first) {
    project.vitest.logger.log(`  ${prepared.description}`)
    if (findPooler() === undefined)
      project.vitest.logger.log('  not run: races behind a transaction pooler, no PgBouncer')
  }
  project.provide('postgres', prepared.databases)
  return async () => {
    shared.users -= 1
    if (shared.users === 0) await prepared.remove()
  }
}
