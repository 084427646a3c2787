import { type PersonalRecord, personalRows } from '../../shared/personal-record.js'
import { reviewsPersonalData } from './personal-data.js'
import { reviews } from './review.collection.schema.js'
import { reviewVotes } from './review-vote.schema.js'

/** What reviews keep of people: with the account the words go, and the stars stay, so that nobody's mean is changed by it. */
export const reviewsPersonalRecords: readonly PersonalRecord[] = [
  personalRows(reviews, {
    purpose: 'To tell others what buyers think of the goods',
    basis: 'consent',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'anonymise' },
    fields: reviewsPersonalData,
  }),
  personalRows(reviewVotes, {
    purpose: 'To count once what each says of whether a review helped; the count itself stays without them',
    basis: 'consent',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
  }),
]
