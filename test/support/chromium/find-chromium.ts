import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// On some systems a script stands in the browser's place that only says how to install it.
const runs = (file: string): boolean =>
  spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0

let found: { readonly program: string | undefined } | undefined

/**
 * A Chromium of this machine: the one that the environment variable CHROMIUM names (empty: none), else one by a usual name.
 * Undefined where there is none, and on Windows, whose programs take no pipes beside the three of every program.
 */
export const findChromium = (): string | undefined => {
  if (found === undefined) found = { program: search() }
  return found.program
}

const search = (): string | undefined => {
  const named = process.env.CHROMIUM
  if (named === '' || process.platform === 'win32') return undefined
  if (named !== undefined) {
    if (!isProgram(named)) throw new Error(`CHROMIUM names no program that can be run: ${named}`)
    return named
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...applications]
    .filter(isProgram)
    .find(runs)
}
