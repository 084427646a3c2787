import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../../shared/decider.js'
import { hidingReasons, isHidingReason } from './hiding-reasons.js'
import type { Review, ReviewCommand, ReviewError, ReviewEvent, ReviewFacts } from './review.js'
import { wilsonBasisPoints } from './wilson.js'

/** A review, or the moment before there is one. */
export type ReviewState = Review | { readonly status: 'absent' }

/** Which command leads a review where. */
export const reviewTable: TransitionTable<ReviewState['status'], ReviewCommand['type'], ReviewEvent['type']> = [
  { from: 'absent', command: 'Post', events: 'ReviewPosted', to: 'published' },
  { from: 'published', command: 'Edit', events: 'ReviewEdited', to: 'published', guard: 'within its time' },
  // What was hidden may be put right; it is seen again when staff say so.
  { from: 'hidden', command: 'Edit', events: 'ReviewEdited', to: 'hidden', guard: 'within its time' },
  { from: 'published', command: 'Reply', events: 'ReviewReplied', to: 'published' },
  { from: 'published', command: 'Vote', events: 'ReviewVoted', to: 'published' },
  {
    from: 'published',
    command: 'Hide',
    events: 'ReviewHidden',
    to: 'hidden',
    guard: 'for a reason of law, words or photos',
  },
  { from: 'hidden', command: 'Show', events: 'ReviewShown', to: 'published' },
  { from: ['published', 'hidden'], command: 'Withdraw', events: 'ReviewWithdrawn', to: 'withdrawn' },
  { from: 'published', command: 'Anonymise', events: 'ReviewAnonymised', to: 'published' },
  { from: 'hidden', command: 'Anonymise', events: 'ReviewAnonymised', to: 'hidden' },
]

type Decision = Result<readonly ReviewEvent[], ReviewError>

const decide = (state: ReviewState, command: ReviewCommand): Decision => {
  if (!allowsCommand(reviewTable, { status: state.status, command: command.type })) {
    return err({ type: 'ReviewStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Decision>()
    .with({ type: 'Post' }, (posted) => ok([{ ...posted, type: 'ReviewPosted' }]))
    .with({ type: 'Edit' }, ({ rating, hasText, hasPhotos, at }) =>
      state.status !== 'absent' && at > state.editUntil
        ? err({ type: 'ReviewEditClosed', editUntil: state.editUntil })
        : ok([{ type: 'ReviewEdited', rating, hasText, hasPhotos, at }]),
    )
    .with({ type: 'Reply' }, ({ at }) => ok([{ type: 'ReviewReplied', at }]))
    .with({ type: 'Vote' }, ({ helpful, at }) => ok([{ type: 'ReviewVoted', helpful, at }]))
    .with({ type: 'Hide' }, ({ reason, isBare, at }) => {
      if (!isHidingReason(reason)) return err({ type: 'HidingReasonUnlawful', reason, lawful: hidingReasons })
      return isBare ? err({ type: 'NothingToHide' }) : ok([{ type: 'ReviewHidden', reason, at }])
    })
    .with({ type: 'Show' }, ({ at }) => ok([{ type: 'ReviewShown', at }]))
    .with({ type: 'Withdraw' }, ({ at }) => ok([{ type: 'ReviewWithdrawn', at }]))
    .with({ type: 'Anonymise' }, ({ at }) => ok([{ type: 'ReviewAnonymised', at }]))
    .exhaustive()
}

const evolve = (state: ReviewState, event: ReviewEvent): ReviewState => {
  if (event.type === 'ReviewPosted') {
    const { type: _, ...posted } = event
    const begun = { editedAt: null, repliedAt: null, helpful: 0, unhelpful: 0, helpfulScore: 0 }
    return { ...posted, ...begun, status: 'published' }
  }
  if (state.status === 'absent') return state
  switch (event.type) {
    case 'ReviewEdited': {
      const { rating, hasText, hasPhotos, at } = event
      return { ...state, rating, hasText, hasPhotos, editedAt: at }
    }
    case 'ReviewReplied':
      return { ...state, repliedAt: event.at }
    case 'ReviewVoted': {
      const helpful = state.helpful + (event.helpful ? 1 : 0)
      const unhelpful = state.unhelpful + (event.helpful ? 0 : 1)
      return { ...state, helpful, unhelpful, helpfulScore: wilsonBasisPoints(helpful, helpful + unhelpful) }
    }
    case 'ReviewHidden':
      return { ...reviewFactsOf(state), status: 'hidden', reason: event.reason, hiddenAt: event.at }
    case 'ReviewShown':
      return { ...reviewFactsOf(state), status: 'published' }
    case 'ReviewAnonymised':
      return { ...state, hasText: false, hasPhotos: false }
    case 'ReviewWithdrawn':
      return {
        ...reviewFactsOf(state),
        hasText: false,
        hasPhotos: false,
        status: 'withdrawn',
        withdrawnAt: event.at,
      }
  }
}

/** What a review has in every status. */
const reviewFactsOf = (review: Review): ReviewFacts => ({
  reviewId: review.reviewId,
  productId: review.productId,
  sku: review.sku,
  merchantId: review.merchantId,
  orderId: review.orderId,
  lineId: review.lineId,
  accountId: review.accountId,
  rating: review.rating,
  hasText: review.hasText,
  hasPhotos: review.hasPhotos,
  postedAt: review.postedAt,
  editUntil: review.editUntil,
  editedAt: review.editedAt,
  repliedAt: review.repliedAt,
  helpful: review.helpful,
  unhelpful: review.unhelpful,
  helpfulScore: review.helpfulScore,
})

/** The life of a review. */
export const reviewMachine: Decider<ReviewState, ReviewCommand, ReviewEvent, ReviewError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
