import { ok, type ResultAsync } from 'neverthrow'
import type { StoredDataInvalid } from '../../shared/collection.js'
import { type ErasedSubject, erasedSubjects } from '../../shared/erased-subject.schema.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import { minutesMs } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { find } from '../../shared/read-plan.js'
import type { AccountsPorts } from '../ports.js'

/** Somebody who was erased, by an id that leads to nobody. */
export type ErasedPerson = Pick<ErasedSubject, 'subjectId' | 'erasedAt'>

/** A page of those who were erased, the first to be erased first. */
export type ErasedPeople = {
  readonly people: readonly ErasedPerson[]
  /**
   * Where to go on, as `after`; null is the beginning. It stays a quarter of an hour behind, since who was erased on another
   * machine meanwhile may be noted with an earlier moment: the newest are listed more than once.
   */
  readonly next: ErasedPerson | null
}

/**
 * Lists who was erased, to be kept apart from the storage and its backups: `eraseAgain` takes the list after a restore. To be
 * called now and then with the `next` of the time before.
 *
 * Only those behind `after`; at most `limit` of them, 500 when absent.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const listErased = (
  ports: AccountsPorts,
  { after, limit }: { readonly after?: ErasedPerson; readonly limit: number },
): ResultAsync<ErasedPeople, StorageUnavailable | StoredDataInvalid> => {
  const now = ports.clock.now()
  return readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: now,
    plan: {
      found: find(erasedSubjects, {
        where: [],
        orderBy: { field: 'erasedAt', direction: 'ascending' },
        limit,
        ...(after === undefined ? {} : { after: { value: after.erasedAt, id: after.subjectId } }),
      }),
    },
  }).andThen(({ found }) => {
    const people = found.map(({ state: { subjectId, erasedAt } }) => ({ subjectId, erasedAt }))
    const settled = people.filter(({ erasedAt }) => erasedAt <= now - settleMs)
    return ok({ people, next: settled.at(-1) ?? after ?? null })
  })
}

const settleMs = 15 * minutesMs
