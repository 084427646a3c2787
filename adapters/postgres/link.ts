import type { StorageLink } from 'shopwright'
import { stateOf } from './errors.js'
import type { QueryRows, Session } from './queryable.js'

// The connection that asks, as the server sees it. Who comes by a socket of the machine has no address.
const question = {
  text:
    'select s.ssl, s.version, s.cipher, host(a.client_addr) as address, a.client_addr is not null as remote ' +
    'from pg_stat_ssl s join pg_stat_activity a using (pid) where s.pid = pg_backend_pid()',
  values: [],
}

// A server that is like Postgres may have no such views, and may keep them from whoever asks.
const notTold = new Set(['42P01', '42703', '42883', '42501', '0A000'])

/** How statements travel to the server; behind a pooler, from the pooler on. */
export const askLink = async (session: Session): Promise<StorageLink> => {
  try {
    return linkOf(await session.read(question))
  } catch (error) {
    if (notTold.has(stateOf(error) ?? '')) return { kind: 'unknown' }
    throw error
  }
}

/** What the server's answer says. */
export const linkOf = ({ rows: [row] }: QueryRows): StorageLink => {
  if (row === undefined) return { kind: 'unknown' }
  if (row.ssl === true) return { kind: 'tls', version: String(row.version), cipher: String(row.cipher) }
  if (row.remote === false) return { kind: 'local' }
  return isLoopback(String(row.address)) ? { kind: 'local' } : { kind: 'plain' }
}

const isLoopback = (address: string): boolean => address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address)
