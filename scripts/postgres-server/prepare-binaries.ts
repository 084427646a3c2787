import { constants } from 'node:fs'
import { chmod, chown, copyFile, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { type BinaryCandidate, oldestMajorVersion, programPath } from './find-binaries.js'
import { type Account, describeOutcome, runProcess, succeeded } from './run-process.js'

/** Programs that run under the given account, or why not. */
export type PreparedBinaries =
  | { readonly kind: 'ready'; readonly folder: string; readonly version: string }
  | { readonly kind: 'unusable'; readonly reason: string }

const probePrograms = async (folder: string, account: Account | undefined): Promise<PreparedBinaries> => {
  let version = ''
  for (const name of ['initdb', 'postgres'] as const) {
    const outcome = await runProcess(programPath(folder, name), ['--version'], account)
    if (!succeeded(outcome)) return { kind: 'unusable', reason: describeOutcome(outcome) }
    version = /\(PostgreSQL\) (\S+)/.exec(outcome.output)?.[1] ?? ''
  }
  const major = Number.parseInt(version, 10)
  if (!(major >= oldestMajorVersion)) {
    return { kind: 'unusable', reason: `version ${version || 'unknown'}, at least ${oldestMajorVersion} is needed` }
  }
  return { kind: 'ready', folder, version }
}

type Link = { readonly source: string; readonly target: string }

const isLink = (value: unknown): value is Link =>
  typeof value === 'object' &&
  value !== null &&
  'source' in value &&
  typeof value.source === 'string' &&
  'target' in value &&
  typeof value.target === 'string'

// npm packages cannot hold symbolic links: the embedded package lists them, relative to its own folder, and makes them
// in an install script, which --ignore-scripts, pnpm and Bun leave out.
const readLinks = async (nativeFolder: string): Promise<readonly Link[]> => {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(nativeFolder, 'pg-symlinks.json'), 'utf8'))
    return Array.isArray(parsed) ? parsed.filter(isLink) : []
  } catch {
    return []
  }
}

/** Makes the links of `listedIn` inside `nativeFolder`; those that exist stay as they are. */
const createLinks = async (listedIn: string, nativeFolder: string): Promise<string | undefined> => {
  const below = nativeFolder + sep
  for (const link of await readLinks(listedIn)) {
    const source = resolve(nativeFolder, '..', link.source.replace(/^native\//, `${basename(nativeFolder)}/`))
    const target = resolve(nativeFolder, '..', link.target.replace(/^native\//, `${basename(nativeFolder)}/`))
    if (!source.startsWith(below) || !target.startsWith(below)) continue
    try {
      await symlink(relative(dirname(target), source), target)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue
      return error instanceof Error ? error.message : String(error)
    }
  }
  return undefined
}

const giveTo = async (path: string, account: Account | undefined) => {
  if (account !== undefined) await chown(path, account.uid, account.gid)
}

const copyTree = async (from: string, to: string, account: Account | undefined): Promise<void> => {
  await mkdir(to, { recursive: true })
  await giveTo(to, account)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    // Static libraries and build files are half the size and no use at run time.
    if (entry.name.endsWith('.a') || entry.name === 'pkgconfig') continue
    const target = join(to, entry.name)
    if (entry.isDirectory()) {
      await copyTree(join(from, entry.name), target, account)
      continue
    }
    const linkedTo = entry.isSymbolicLink() ? await readlink(join(from, entry.name)) : undefined
    if (linkedTo !== undefined && !isAbsolute(linkedTo)) {
      await symlink(linkedTo, target)
      continue
    }
    await copyFile(join(from, entry.name), target, constants.COPYFILE_FICLONE)
    await chmod(target, basename(to) === 'bin' ? 0o755 : 0o644)
    await giveTo(target, account)
  }
}

/**
 * Makes a candidate's programs runnable by `account` (the caller's own when absent): as they lie; else, for embedded
 * ones, with their missing links made; else as a private copy inside `runFolder`. Links are not written as root, since
 * the package may be another user's.
 */
export const prepareBinaries = async (
  candidate: BinaryCandidate,
  account: Account | undefined,
  runFolder: string,
): Promise<PreparedBinaries> => {
  const asIs = await probePrograms(candidate.folder, account)
  if (asIs.kind === 'ready' || candidate.source === 'system') return asIs
  const reasons = [`as installed: ${asIs.reason}`]
  const nativeFolder = dirname(candidate.folder)
  if (account === undefined) {
    const refusal = await createLinks(nativeFolder, nativeFolder)
    const linked = await probePrograms(candidate.folder, account)
    if (linked.kind === 'ready') return linked
    reasons.push(`with links made: ${refusal ?? linked.reason}`)
  }
  const copy = join(runFolder, 'native')
  try {
    await copyTree(nativeFolder, copy, account)
    const refusal = await createLinks(nativeFolder, copy)
    if (refusal !== undefined) throw new Error(refusal)
  } catch (error) {
    reasons.push(`private copy: ${error instanceof Error ? error.message : String(error)}`)
    return { kind: 'unusable', reason: reasons.join('; ') }
  }
  const copied = await probePrograms(join(copy, 'bin'), account)
  if (copied.kind === 'ready') return copied
  reasons.push(`private copy in ${copy}: ${copied.reason}`)
  if (process.platform === 'linux')
    reasons.push('the embedded binaries need glibc 2.27 or newer (not musl, as on Alpine)')
  return { kind: 'unusable', reason: reasons.join('; ') }
}
