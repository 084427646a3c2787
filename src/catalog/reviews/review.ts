import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { Sealed } from '../../shared/personal-data.js'

/** Stars: 1 is worst, 5 best. */
export type Rating = 1 | 2 | 3 | 4 | 5

/** For what a review may be taken out of sight. That it is negative is none of them. */
export type HidingReason =
  /** What the law forbids to publish. */
  | 'unlawful'
  /** It insults, threatens or defames somebody. */
  | 'abusive'
  | 'obscene'
  /** It sets people apart by origin, sex, faith or the like. */
  | 'discriminating'
  /** It tells of a person who did not agree to it. */
  | 'personalData'
  /** It sells something else. */
  | 'advertising'
  /** It speaks of nothing that has to do with the goods or the seller. */
  | 'unrelated'

/** What every review has. */
export type ReviewFacts = {
  readonly reviewId: string
  readonly productId: string
  readonly sku: string
  readonly merchantId: string
  /** The order and the line of it that were bought; a line is reviewed once. */
  readonly orderId: string
  readonly lineId: string
  /** The buyer. */
  readonly accountId: string
  readonly rating: Rating
  readonly hasText: boolean
  readonly hasPhotos: boolean
  readonly postedAt: Instant
  /** Until then its author may change it. */
  readonly editUntil: Instant
  /** Null when it is as it was posted. */
  readonly editedAt: Instant | null
  /** When the shop last answered; null when it has not. */
  readonly repliedAt: Instant | null
  /** How many found it helpful, and how many did not. */
  readonly helpful: number
  readonly unhelpful: number
  /** By what reviews are ranked: the Wilson lower bound of helpful among both, basis points. */
  readonly helpfulScore: number
}

/** A buyer's review of a line that was bought. */
export type Review =
  /** To be seen by everybody. */
  | (ReviewFacts & { readonly status: 'published' })
  /** Out of sight for a reason of law; counted among the hidden. */
  | (ReviewFacts & { readonly status: 'hidden'; readonly reason: HidingReason; readonly hiddenAt: Instant })
  /** Taken back by its author; nothing of what it said is kept. */
  | (ReviewFacts & { readonly status: 'withdrawn'; readonly withdrawnAt: Instant })

/** What the author wrote: readable with the author's key only. */
export type ReviewWords = {
  /** Empty without any. */
  readonly text: string
  /** References to photos. */
  readonly photos: readonly string[]
  /** The name it is signed with; shown with all but its first character masked. Null: by nobody in particular. */
  readonly signedAs: string | null
}

/** What stands beside the state: the author's words, and the shop's answer. */
export type ReviewDetails = { readonly words: Sealed | null; readonly reply: string | null }

/** A review as it is stored. */
export type ReviewRow = Review & { readonly details: ReviewDetails }

/** What can be asked of a review. */
export type ReviewCommand =
  | ({ readonly type: 'Post' } & Omit<ReviewFacts, 'editedAt' | 'repliedAt' | 'helpful' | 'unhelpful' | 'helpfulScore'>)
  | {
      readonly type: 'Edit'
      readonly rating: Rating
      readonly hasText: boolean
      readonly hasPhotos: boolean
      readonly at: Instant
    }
  /** The shop answers; a later answer takes the place of the one before. */
  | { readonly type: 'Reply'; readonly at: Instant }
  /** Somebody else says whether it helped. */
  | { readonly type: 'Vote'; readonly helpful: boolean; readonly at: Instant }
  /** Takes it out of sight. The reason is what staff gave, lawful or not. */
  | {
      readonly type: 'Hide'
      readonly reason: string
      /** It shows stars and nothing else. */
      readonly isBare: boolean
      readonly at: Instant
    }
  /** Lets it be seen again. */
  | { readonly type: 'Show'; readonly at: Instant }
  | { readonly type: 'Withdraw'; readonly at: Instant }
  /** Its author was erased: what it said goes, and its stars stay. */
  | { readonly type: 'Anonymise'; readonly at: Instant }

/** What happened to a review. */
export type ReviewEvent =
  | ({ readonly type: 'ReviewPosted' } & Omit<Extract<ReviewCommand, { type: 'Post' }>, 'type'>)
  | {
      readonly type: 'ReviewEdited'
      readonly rating: Rating
      readonly hasText: boolean
      readonly hasPhotos: boolean
      readonly at: Instant
    }
  | { readonly type: 'ReviewReplied'; readonly at: Instant }
  | { readonly type: 'ReviewVoted'; readonly helpful: boolean; readonly at: Instant }
  | { readonly type: 'ReviewHidden'; readonly reason: HidingReason; readonly at: Instant }
  | { readonly type: 'ReviewShown'; readonly at: Instant }
  | { readonly type: 'ReviewWithdrawn'; readonly at: Instant }
  | { readonly type: 'ReviewAnonymised'; readonly at: Instant }

/** The command does not apply to a review in this status. */
export type ReviewStateForbids = {
  readonly type: 'ReviewStateForbids'
  readonly status: Review['status'] | 'absent'
  readonly command: ReviewCommand['type']
}

/** The time in which its author may change it is over. */
export type ReviewEditClosed = { readonly type: 'ReviewEditClosed'; readonly editUntil: Instant }

/** No law lets a review be hidden for this, as for being negative. */
export type HidingReasonUnlawful = {
  readonly type: 'HidingReasonUnlawful'
  readonly reason: string
  /** The reasons there are. */
  readonly lawful: readonly HidingReason[]
}

/** All that would be hidden is how many stars it gives; no law lets that be hidden. */
export type NothingToHide = { readonly type: 'NothingToHide' }

/** The line cannot be reviewed: nothing of it was received yet, or it was a gift. */
export type LineNotReviewable = {
  readonly type: 'LineNotReviewable'
  readonly lineId: string
  readonly reason: 'notReceived' | 'gift'
}

/** The line has its review. */
export type LineReviewed = { readonly type: 'LineReviewed'; readonly lineId: string; readonly reviewId: string }

/** One has said already, and otherwise, whether the review helped. */
export type ReviewVoteGiven = { readonly type: 'ReviewVoteGiven'; readonly helpful: boolean }

/** Nobody says of their own review that it helped. */
export type OwnReview = { readonly type: 'OwnReview'; readonly reviewId: string }

/** Why the machine of a review refuses. */
export type ReviewError = ReviewStateForbids | ReviewEditClosed | HidingReasonUnlawful | NothingToHide

/** Every refusal of reviews. */
export type AnyReviewError = ReviewError | LineNotReviewable | LineReviewed | ReviewVoteGiven | OwnReview | NotFound
