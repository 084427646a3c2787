import { accessSync, constants } from 'node:fs'
import { chown, rm, writeFile } from 'node:fs/promises'
import { connect, Socket } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chooseAccount, createRunFolder, pickFreePort, startGuarded } from './private-program.js'
import { describeOutcome } from './run-process.js'

/** A transaction pooler that stands before a server. */
export type Pooler = {
  /** The URL of a database through it. */
  readonly url: (database: string) => string
  readonly stop: () => Promise<void>
}

/** Where PgBouncer lies on this machine; undefined where it is not installed. */
export const findPooler = (): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'pgbouncer'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })

const readyTimeoutMilliseconds = 15_000

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1')
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })

/**
 * Starts PgBouncer in transaction mode before the server of a URL. It ends with `stop`, or with this process however
 * that ends.
 *
 * @param connections - how many connections to the server all clients of a database share
 */
export const startPooler = async (program: string, serverUrl: string, connections: number): Promise<Pooler> => {
  const account = await chooseAccount()
  const made = await createRunFolder(account)
  if (made.kind === 'refused') throw new Error(made.reason)
  const folder = made.value
  const server = new URL(serverUrl)
  const reached = {
    host: decodeURIComponent(server.hostname),
    port: server.port === '' ? '5432' : server.port,
    user: decodeURIComponent(server.username),
    ...(server.password === '' ? {} : { password: decodeURIComponent(server.password) }),
  }
  const port = await pickFreePort()
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    default_pool_size: connections,
    max_client_conn: 500,
    // A search path is of no use to the library, which names its schema in every statement.
    ignore_startup_parameters: 'extra_float_digits,options',
  }
  const file = join(folder, 'pooler.ini')
  const lines = [
    '[databases]',
    `* = ${Object.entries(reached)
      .map(([name, value]) => `${name}='${value.replaceAll("'", "''")}'`)
      .join(' ')}`,
    '[pgbouncer]',
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
  ]
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  if (account !== undefined) await chown(file, account.uid, account.gid)
  const started = startGuarded({ command: program, commandArguments: [file] }, folder, 'remove', 'pipe', account)
  if (started.kind === 'unstartable') throw new Error(started.reason)
  const { child, ended } = started
  const stop = async () => {
    child.ref()
    child.stdin?.end()
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  const deadline = Date.now() + readyTimeoutMilliseconds
  while (!(await answers(port))) {
    const over = await Promise.race([ended, sleep(10)])
    if (over !== undefined) throw new Error(`the pooler did not start: ${describeOutcome(over)}`)
    if (Date.now() > deadline) {
      await stop()
      throw new Error(`the pooler was not ready after ${readyTimeoutMilliseconds} ms`)
    }
  }
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()
  return { url: (database) => `postgresql://${reached.user}@127.0.0.1:${port}/${encodeURIComponent(database)}`, stop }
}
