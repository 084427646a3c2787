import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CaseRun, runCases } from './cases/run-case.js'

// Runs files of cases through the public functions: `npm run cases -- FILE…`. Without a file, those of the folder of
// shared cases beside the project, where there is one.

const folder = fileURLToPath(new URL('../../shared/cases/', import.meta.url))

const filesOf = (named: readonly string[]): readonly string[] => {
  if (named.length > 0) return named
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${folder}${name}`)
}

const print = ({ id, verdict }: CaseRun): void => {
  if (verdict.kind === 'inexpressible') {
    console.log(`skipped  ${id}: ${verdict.reason}`)
    return
  }
  for (const { path, expected, actual } of verdict.differences) {
    console.log(`failed   ${id}  ${path}: expected ${JSON.stringify(expected)}, actual ${JSON.stringify(actual)}`)
  }
}

const main = (words: readonly string[]): number => {
  const files = filesOf(words)
  if (files.length === 0) throw new Error('No file of cases is named and none lies in ../shared/cases')
  const runs = files.flatMap((file) => {
    console.log(`# ${file}`)
    const found = runCases(JSON.parse(readFileSync(file, 'utf8')))
    for (const run of found) print(run)
    return found
  })
  const skipped = runs.filter(({ verdict }) => verdict.kind === 'inexpressible').length
  const failed = runs.filter(({ verdict }) => verdict.kind === 'compared' && verdict.differences.length > 0).length
  console.log(`${runs.length - skipped - failed} passed, ${failed} failed, ${skipped} skipped`)
  return failed > 0 ? 1 : 0
}

try {
  process.exitCode = main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
