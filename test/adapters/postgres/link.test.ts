import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { describe, expect, it } from 'vitest'
import { linkOf } from '../../../adapters/postgres/link.js'
import { startPostgresServer } from '../../../scripts/postgres-server/start-server.js'

const answer = (row: Readonly<Record<string, unknown>>) => linkOf({ rows: [row] })
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe('the link to Postgres', () => {
  it('is what the server says of the connection that asks', () => {
    expect(answer({ ssl: true, version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', remote: true })).toEqual({
      kind: 'tls',
      version: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
    })
    expect(answer({ ssl: false, remote: true, address: '10.0.0.5' }).kind).toBe('plain')
    expect(answer({ ssl: false, remote: true, address: '127.8.0.1' }).kind).toBe('local')
    expect(answer({ ssl: false, remote: true, address: '::1' }).kind).toBe('local')
    expect(answer({ ssl: false, remote: false, address: null }).kind).toBe('local')
    expect(linkOf({ rows: [] }).kind).toBe('unknown')
  })

  it('is not known of a server that has no such views, and no answer of one that cannot be reached', async () => {
    const refusing = (code: string) => {
      const query = () => Promise.reject(Object.assign(new Error('refused'), { code }))
      return createPostgresStorage({ pool: { query, connect: () => Promise.resolve({ query, release: () => {} }) } })
    }
    expect((await refusing('42P01').link())._unsafeUnwrap()).toEqual({ kind: 'unknown' })
    expect((await refusing('ECONNREFUSED').link())._unsafeUnwrapErr().type).toBe('StorageUnavailable')
  })

  it.runIf(hasOpenssl)('is TLS of a server with a certificate, by the client that asks for it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'link-'))
    const server = await startPostgresServer({ transport: 'tcp' })
    const open = (ssl: pg.ClientConfig['ssl']) => new pg.Pool({ connectionString: server.url(), ssl, max: 1 })
    const plain = open(false)
    try {
      const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'crt.pem')]
      const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=127.0.0.1']
      execFileSync('openssl', ['req', '-x509', ...kind, '-days', '2', ...files], { stdio: 'ignore' })
      const put = async (name: string, file: string) => {
        const text = readFileSync(join(folder, file), 'utf8').replaceAll('\n', '\\n')
        const program = `umask 077; printf '%b' '${text}' > ${name}`
        await plain.query(`copy (select 1 where false) to program ${pg.escapeLiteral(program)}`)
      }
      await put('server.key', 'key.pem')
      await put('server.crt', 'crt.pem')
      await plain.query('alter system set ssl = on')
      await plain.query('select pg_reload_conf()')
      expect((await createPostgresStorage({ pool: plain }).link())._unsafeUnwrap()).toEqual({ kind: 'local' })
      const ca = readFileSync(join(folder, 'crt.pem'), 'utf8')
      let link: unknown
      for (let tries = 0; tries < 600 && link === undefined; tries += 1) {
        const secure = open({ ca, checkServerIdentity: () => undefined })
        link = (await createPostgresStorage({ pool: secure }).link()).unwrapOr(undefined)
        await secure.end()
        if (link === undefined) await sleep(100)
      }
      expect(link).toMatchObject({ kind: 'tls', version: expect.stringMatching(/^TLSv1\.[23]$/) })
    } finally {
      await plain.end()
      await server.stop()
      rmSync(folder, { recursive: true })
    }
  })
})
