import type { PreparedCommit, Storage } from 'shopwright'

/**
 * The same storage with every shop renamed, so that tests that share one database do not see each other: each gets an
 * empty storage without a database of its own.
 */
export const isolateShops = (storage: Storage, prefix: string): Storage => {
  const inside = (shop: string): string => `${prefix}/${shop}`
  const moved = (commit: PreparedCommit): PreparedCommit => ({
    ...commit,
    shop: inside(commit.shop),
    events: commit.events.map((event) => ({ ...event, shop: inside(event.shop) })),
  })
  return {
    ...(storage.link === undefined ? {} : { link: storage.link }),
    read: (request) => storage.read({ ...request, shop: inside(request.shop) }),
    commit: (commit) => storage.commit(moved(commit)),
    commitEach: (commits) => storage.commitEach(commits.map(moved)),
    lease: (request) =>
      storage.lease({ ...request, shop: inside(request.shop) }).map((leased) =>
        leased.map(({ event, attempts }) => ({
          attempts,
          event: { ...event, shop: event.shop.slice(prefix.length + 1) },
        })),
      ),
    events: (request) =>
      storage
        .events({ ...request, shop: inside(request.shop) })
        .map((events) => events.map((event) => ({ ...event, shop: event.shop.slice(prefix.length + 1) }))),
    reopen: (request) => storage.reopen({ ...request, shop: inside(request.shop) }),
    backlog: (request) => storage.backlog({ ...request, shop: inside(request.shop) }),
    prune: (request) => storage.prune({ ...request, shop: inside(request.shop) }),
    acknowledge: (outcome) => storage.acknowledge({ ...outcome, shop: inside(outcome.shop) }),
  }
}
