import { okAsync, type ResultAsync } from 'neverthrow'
import { queueMessage } from '../../notify/queue-message.js'
import { isGuestOwner } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { CorePorts } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { type ChangeReviewError, changeReview, type ReviewStanding } from './change-review.js'
import { isHidingReason } from './hiding-reasons.js'
import { hidingReasonTexts } from './messages.js'
import type { HideReviewInput } from './review-inputs.schema.js'
import { parseHideReview, parseReviewId } from './review-inputs.schema.js'

/**
 * Takes a review out of sight, for a reason of law and no other; that it is negative is none, and one that gives but stars
 * stays. It is counted among the
 * hidden, which everybody is told, stands in the audit log, and its author is told why.
 *
 * @errors HidingReasonUnlawful, NothingToHide, ChangeReviewError, CommandError
 */
export const hideReview = (
  ports: CorePorts,
  context: CommandContext,
  input: HideReviewInput,
): ResultAsync<ReviewStanding, ChangeReviewError | CommandError> =>
  changeReview(ports, context, input, {
    action: 'reviews.hide',
    parse: parseHideReview,
    command: ({ input: { reason }, now }, { details }) => ({
      type: 'Hide',
      reason,
      isBare: details.words === null,
      at: now,
    }),
    step: ({ input: { reason }, actor, now }, { reviewId, accountId, details }) =>
      okAsync({
        details,
        further: [
          auditEntry(ports.ids, {
            actor,
            action: 'reviews.hide',
            subject: reviewId,
            at: now,
            outcome: 'done',
            detail: reason,
          }),
          ...(isGuestOwner(accountId) || !isHidingReason(reason)
            ? []
            : [
                queueMessage({
                  cause: `reviewHidden/${reviewId}/${now}`,
                  accountId,
                  template: 'reviewHidden',
                  facts: { reason: hidingReasonTexts[reason] },
                  at: now,
                }),
              ]),
        ],
      }),
  })

/**
 * Lets a hidden review be seen again.
 *
 * @errors ChangeReviewError, CommandError
 */
export const showReview = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly reviewId: string },
): ResultAsync<ReviewStanding, ChangeReviewError | CommandError> =>
  changeReview(ports, context, input, {
    action: 'reviews.show',
    parse: parseReviewId,
    command: ({ now }) => ({ type: 'Show', at: now }),
    step: ({ actor, now }, { reviewId, details }) =>
      okAsync({
        details,
        further: [
          auditEntry(ports.ids, { actor, action: 'reviews.show', subject: reviewId, at: now, outcome: 'done' }),
        ],
      }),
  })
