import fc from 'fast-check'
import type { ReviewCommand } from '../../../src/catalog/reviews/review.js'
import { reviewMachine, reviewTable } from '../../../src/catalog/reviews/review-machine.js'
import { machineLaws } from '../../kit/machine-laws.js'

const at = 1_000
const post: ReviewCommand & { readonly type: 'Post' } = {
  type: 'Post',
  reviewId: 'r1',
  productId: 'p1',
  sku: 's1',
  merchantId: 'self',
  orderId: 'o1',
  lineId: 'l1',
  accountId: 'ann',
  rating: 1,
  hasText: true,
  hasPhotos: true,
  postedAt: at,
  editUntil: at + 10,
}
const edit = (when: number): ReviewCommand & { readonly type: 'Edit' } => ({
  type: 'Edit',
  rating: 4,
  hasText: false,
  hasPhotos: true,
  at: when,
})
const hide = (reason: string, isBare = false): ReviewCommand & { readonly type: 'Hide' } => ({
  type: 'Hide',
  reason,
  isBare,
  at,
})
const vote = (helpful: boolean): ReviewCommand & { readonly type: 'Vote' } => ({ type: 'Vote', helpful, at })

machineLaws({
  name: 'review',
  decider: reviewMachine,
  table: reviewTable,
  statuses: { absent: 'open', published: 'open', hidden: 'open', withdrawn: 'final' },
  arbitraries: {
    Post: fc.constant(post),
    Edit: fc.integer({ min: at, max: at + 12 }).map(edit),
    Reply: fc.constant({ type: 'Reply', at }),
    Vote: fc.boolean().map(vote),
    Hide: fc.tuple(fc.constantFrom('abusive', 'negative', 'unlawful'), fc.boolean()).map((of) => hide(...of)),
    Show: fc.constant({ type: 'Show', at }),
    Withdraw: fc.constant({ type: 'Withdraw', at }),
    Anonymise: fc.constant({ type: 'Anonymise', at }),
  },
  model: {
    Post: [post],
    Edit: [edit(at + 10), edit(at + 11)],
    Reply: [{ type: 'Reply', at }],
    // Each vote is another state: walks vote as often as they like, the model does not.
    Vote: [],
    Hide: [hide('abusive'), hide('negative'), hide('abusive', true)],
    Show: [{ type: 'Show', at }],
    Withdraw: [{ type: 'Withdraw', at }],
    Anonymise: [{ type: 'Anonymise', at }],
  },
  invariants: {
    'who is out of sight is so for a reason of law': (state) => state.status !== 'hidden' || state.reason !== undefined,
    'its rank is of its votes alone': (state) =>
      state.status === 'absent' || (state.helpful > 0 ? state.helpfulScore > 0 : state.helpfulScore === 0),
    'what was withdrawn says nothing': (state) => state.status !== 'withdrawn' || (!state.hasText && !state.hasPhotos),
  },
})
