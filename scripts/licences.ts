// Prints the licence of every package that an install brings, and fails on one that has no place here:
// run-time and peer dependencies MIT, Apache-2.0, BSD or ISC; development tools any permissive licence; copyleft nowhere.
import { readFileSync } from 'node:fs'

type LockedPackage = {
  readonly license?: string
  /** A folder of this project. */
  readonly link?: true
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

const root = new URL('../', import.meta.url)
const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'))
// The file's shape is npm's; every field read here may be absent.
const { packages } = readJson('package-lock.json') as { packages: Record<string, LockedPackage> }

const forShipping = new Set(['MIT', 'MIT-0', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'])
const forTools = new Set([
  ...forShipping,
  'BlueOak-1.0.0',
  'Python-2.0',
  'PostgreSQL',
  'Unlicense',
  'CC0-1.0',
  'Zlib',
  // Data about browsers, not code; asks for attribution and nothing else.
  'CC-BY-4.0',
])

/** Where node finds `name` for the package at `from`: in its own node_modules, else in those of the folders above. */
const locate = (name: string, from: string): string | undefined => {
  const candidate = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (packages[candidate] !== undefined) return candidate
  const above = from.lastIndexOf('node_modules/')
  if (above < 0) return undefined
  return locate(name, from.slice(0, above).replace(/\/$/, ''))
}

/** Every package reached from these names, by its path in the lock file. */
const reach = (names: readonly string[]): Set<string> => {
  const reached = new Set<string>()
  const visit = (name: string, from: string): void => {
    const path = locate(name, from)
    if (path === undefined || reached.has(path)) return
    reached.add(path)
    const { dependencies, optionalDependencies, peerDependencies } = packages[path] ?? {}
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) visit(next, path)
  }
  for (const name of names) visit(name, '')
  return reached
}

/** What the installed package itself says; the lock file speaks for other platforms' packages. */
const licenceOf = (path: string): string => {
  try {
    const { license } = readJson(`${path}/package.json`) as { license?: string }
    if (typeof license === 'string') return license
  } catch {
    // Not installed on this platform.
  }
  return packages[path]?.license ?? 'not stated'
}

/** `A OR B` is fine when one is, `A AND B` when both are. */
const isAllowed = (licence: string, allowed: ReadonlySet<string>): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowed.has(part.trim())))

const own = packages[''] ?? {}
const shipped = reach(Object.keys({ ...own.dependencies, ...own.peerDependencies }))
const everything = Object.keys(packages).filter((path) => path !== '')
const groups = [
  { title: 'run-time and peer', paths: everything.filter((path) => shipped.has(path)), allowed: forShipping },
  { title: 'development', paths: everything.filter((path) => !shipped.has(path)), allowed: forTools },
]

/** What a benchmark installs for itself, by what its lock file says: it is on nobody's machine otherwise. */
const benchmarked = readJson('test/bench/medusa/package-lock.json') as { packages: Record<string, LockedPackage> }
const forBenchmark = Object.entries(benchmarked.packages).flatMap(([path, { link, license = 'not stated' }]) =>
  path.includes('node_modules/') && link !== true ? [{ path, licence: license }] : [],
)

const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
let refused = 0
const tell = (
  title: string,
  licensed: readonly { readonly path: string; readonly licence: string }[],
  allowed: ReadonlySet<string>,
): void => {
  const byLicence = new Map<string, Set<string>>()
  for (const { path, licence } of licensed) {
    byLicence.set(licence, (byLicence.get(licence) ?? new Set()).add(nameOf(path)))
  }
  console.log(`${title}: ${licensed.length} packages`)
  for (const [licence, names] of [...byLicence].sort((a, b) => b[1].size - a[1].size)) {
    const verdict = isAllowed(licence, allowed) ? '' : '  REFUSED'
    if (verdict !== '') refused += names.size
    console.log(`  ${licence} (${names.size})${verdict}: ${[...names].sort().join(', ')}`)
  }
}
for (const { title, paths, allowed } of groups) {
  tell(
    title,
    paths.map((path) => ({ path, licence: licenceOf(path) })),
    allowed,
  )
}
tell('price benchmark', forBenchmark, forTools)
console.log(refused === 0 ? 'licences: every package is allowed' : `licences: ${refused} packages are not allowed`)
process.exitCode = refused === 0 ? 0 : 1
