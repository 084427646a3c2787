import type { HidingReason } from './review.js'

/**
 * The reasons there are to take a review out of sight.
 *
 * @source E-Commerce Law of the PRC, article 39 (what buyers say is not deleted); 16 CFR 465.7(b) (what may be kept back,
 * whatever the review thinks of the goods)
 */
export const hidingReasons: readonly HidingReason[] = [
  'unlawful',
  'abusive',
  'obscene',
  'discriminating',
  'personalData',
  'advertising',
  'unrelated',
]

/** Whether a reason that was given is one of them. */
export const isHidingReason = (reason: string): reason is HidingReason =>
  hidingReasons.some((lawful) => lawful === reason)
