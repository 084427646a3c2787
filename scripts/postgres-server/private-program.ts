import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, describeOutcome, runProcess, startProcess, succeeded } from './run-process.js'
import { guardCommand } from './watchdog.js'

/** What came of a try: what was wanted, or why not. */
export type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * The account to run programs under that refuse to run as root; undefined where the caller is not root. Accounts that
 * exist on nearly every machine are borrowed, none is created.
 */
export const chooseAccount = async (): Promise<Account | undefined> => {
  if (process.geteuid?.() !== 0) return undefined
  const reasons: string[] = []
  for (const name of ['postgres', 'nobody']) {
    const uid = await runProcess('id', ['-u', name], undefined, 5_000)
    const gid = await runProcess('id', ['-g', name], undefined, 5_000)
    if (!succeeded(uid) || !succeeded(gid)) {
      reasons.push(`${name}: ${describeOutcome(succeeded(uid) ? gid : uid)}`)
      continue
    }
    const account: Account = { name, uid: Number(uid.output), gid: Number(gid.output) }
    const outcome = await runProcess('/bin/sh', ['-c', 'id -u'], account, 5_000)
    if (succeeded(outcome)) return account
    reasons.push(describeOutcome(outcome))
  }
  throw new Error(
    `Postgres does not run as root, and no account could be borrowed for it (${reasons.join('; ')}). ` +
      'Run as a normal user, or set DATABASE_URL.',
  )
}

/**
 * Makes a folder for a program's files. The temporary folder may lie in a home that only its owner can enter; then the
 * system's common ones are tried.
 */
export const createRunFolder = async (account: Account | undefined): Promise<Attempt<string>> => {
  const parents = process.platform === 'win32' ? [tmpdir()] : [...new Set([tmpdir(), '/tmp', '/var/tmp'])]
  const reasons: string[] = []
  for (const parent of parents) {
    let folder: string | undefined
    try {
      folder = await mkdtemp(join(parent, 'shopwright-pg-'))
      if (account === undefined) return { kind: 'done', value: folder }
      await chown(folder, account.uid, account.gid)
      const outcome = await runProcess('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], account, 5_000)
      if (succeeded(outcome)) return { kind: 'done', value: folder }
      reasons.push(`${parent}: not reachable for ${account.name}: ${describeOutcome(outcome)}`)
    } catch (error) {
      reasons.push(`${parent}: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  return { kind: 'refused', reason: `no temporary folder for the data (${reasons.join('; ')})` }
}

/** A TCP port of 127.0.0.1 that is free at this moment. */
export const pickFreePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('no free port was given'))
      })
    })
  })

/** Starts a program that lives no longer than this process. */
export const startGuarded = (
  program: { readonly command: string; readonly commandArguments: readonly string[] },
  folder: string,
  afterwards: 'keep' | 'remove',
  output: 'pipe' | number,
  account: Account | undefined,
) => {
  const guarded = guardCommand(program, folder, afterwards)
  // A session of its own keeps Ctrl-C in a terminal from ending the server under the tests that still use it.
  const options = { stdio: ['pipe' as const, output, output], detached: process.platform !== 'win32' }
  return startProcess(guarded.command, guarded.commandArguments, options, account)
}
