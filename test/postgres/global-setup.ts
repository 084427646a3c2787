import type { TestProject, Vitest } from 'vitest/node'
import { migrateDatabase } from './migrate-database.js'
import { type PreparedDatabases, prepareDatabases } from './prepare-databases.js'

type Shared = { readonly prepared: Promise<PreparedDatabases>; users: number }

// Every project of a run calls the setup; one server serves them all, and the last to leave removes it.
const sharedByRun = new WeakMap<Vitest, Shared>()

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
  if (first) project.vitest.logger.log(`  ${prepared.description}`)
  project.provide('postgres', prepared.databases)
  return async () => {
    shared.users -= 1
    if (shared.users === 0) await prepared.remove()
  }
}
