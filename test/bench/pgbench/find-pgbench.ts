import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findBinaries } from '../../../scripts/postgres-server/find-binaries.js'
import { runProcess, succeeded } from '../../../scripts/postgres-server/run-process.js'

/** Finds a `pgbench` that runs: beside the server in use, beside any Postgres of the machine, else on PATH. */
export const findPgbench = async (serverFolder: string): Promise<string | undefined> => {
  const { candidates } = await findBinaries({ source: 'system' })
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const program = process.platform === 'win32' ? 'pgbench.exe' : 'pgbench'
  for (const folder of [serverFolder, ...candidates.map((candidate) => candidate.folder), ...onPath]) {
    const path = join(folder, program)
    if (existsSync(path) && succeeded(await runProcess(path, ['--version'], undefined, 5_000))) return path
  }
  return undefined
}
