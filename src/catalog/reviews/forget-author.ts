import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { type Change, put } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { decideNext } from '../../shared/decider.js'
import type { CorePorts } from '../../shared/ports.js'
import type { Reaction } from '../../shared/reaction.js'
import { find, type Stored } from '../../shared/read-plan.js'
import { reviews } from './review.collection.schema.js'
import type { ReviewRow } from './review.js'
import { reviewMachine } from './review-machine.js'

// As many reviews as one commit writes at once.
const batch = 100

/**
 * Takes the words off every review of an account that was erased; the stars stay. Unreadable they have been since the key
 * went, but for the key that is set aside for what the law keeps, and a review is nothing that it keeps.
 */
export const forgetAuthor: Reaction = {
  name: 'reviews.forgetAuthor',
  listensTo: ['account/AccountErased'],
  react: (ports, event) => forgetBehind(ports, event.rowId),
}

const forgetBehind = (ports: CorePorts, accountId: string, after?: string): ResultAsync<void, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      written: find(reviews, {
        where: [{ field: 'accountId', is: 'eq', value: accountId }],
        limit: batch,
        ...(after === undefined ? {} : { after: { value: after, id: after } }),
      }),
    }),
    decide: ({ written }, { now }) =>
      ok({
        changes: written.flatMap((review) => forget(review, now)),
        answer: written.length < batch ? undefined : written.at(-1)?.id,
      }),
  }).andThen((last) => (last === undefined ? okAsync(undefined) : forgetBehind(ports, accountId, last)))

// One without words says nothing of anybody; so does one that was taken back.
const forget = (review: Stored<ReviewRow>, at: number): readonly Change[] => {
  const { details } = review.state
  if (details.words === null) return []
  return decideNext(reviewMachine, review.state, { type: 'Anonymise', at }).match(
    ({ state, events }) =>
      state.status === 'absent'
        ? []
        : [put(reviews, { ...review, state: { ...state, details: { ...details, words: null } }, events })],
    () => [],
  )
}
