import type { TestProject } from 'vitest/node'
import { migrateDatabase } from './migrate-database.js'
import { prepareDatabases } from './prepare-databases.js'

/** Gives every test file of the run a Postgres to open databases on, and removes it all at the end. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const prepared = await prepareDatabases(process.env.DATABASE_URL, migrateDatabase)
  project.vitest.logger.log(`  ${prepared.description}`)
  project.provide('postgres', prepared.databases)
  return prepared.remove
}
