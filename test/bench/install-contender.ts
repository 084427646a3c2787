import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs the packages that a benchmark is held against, where they are not there yet; away from the sources, which
 * checks of this project walk through.
 *
 * @param root - the project's folder
 * @param described - the folder of their package.json and lock file, below `test/bench`
 * @param name - of the folder they are installed to
 * @returns the folder; null where they cannot be installed
 */
export const installContender = (
  root: string,
  { described, name }: { readonly described: string; readonly name: string },
  report: (line: string) => void,
): string | null => {
  const from = join(root, 'test/bench', described)
  const folder = join(root, '.tmp/bench', name)
  const stamp = join(folder, 'installed.json')
  const wanted = readFileSync(join(from, 'package-lock.json'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  report(`installing what ${name} is held against`)
  cpSync(from, folder, { recursive: true })
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) return null
  writeFileSync(stamp, wanted)
  return folder
}
