import pg from 'pg'

/** A pool that counts the round trips made on its connections. */
export type CountingPool = { readonly pool: pg.Pool; readonly roundTrips: () => number }

/**
 * Opens a pool whose connections count every message that waits for an answer, whether it comes through the pool or
 * through a client taken from it. All connections are open when this resolves.
 */
export const openCountingPool = async (url: string, connections: number): Promise<CountingPool> => {
  let count = 0
  const pool = new pg.Pool({ connectionString: url, min: connections, max: connections, idleTimeoutMillis: 0 })
  pool.on('error', () => {})
  // The pool's own query goes through a client's as well, so counting there counts everything once.
  pool.on('connect', (client) => {
    client.query = new Proxy(client.query, {
      apply: (query, self, given) => {
        count += 1
        return Reflect.apply(query, self, given)
      },
    })
  })
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()))
  for (const client of clients) client.release()
  return { pool, roundTrips: () => count }
}
