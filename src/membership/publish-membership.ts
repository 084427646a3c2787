import type { ResultAsync } from 'neverthrow'
import type { CorePorts } from '../shared/ports.js'
import { type BookChanged, type PublishedBook, publishBook } from '../shared/publish-book.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import { type MembershipTerms, membershipBookId } from './membership-terms.js'
import type { PublishMembershipInput } from './membership-terms.schema.js'
import { membershipBooks, parsePublishMembership } from './membership-terms.schema.js'

/**
 * Publishes the programme. Members stay on the level they have until something new is known of them.
 *
 * @errors BookChanged, CommandError
 */
export const publishMembership = (
  ports: CorePorts,
  context: CommandContext,
  input: PublishMembershipInput,
): ResultAsync<PublishedBook, BookChanged | CommandError> =>
  publishBook(ports, context, input, {
    action: 'membership.publish',
    parse: parsePublishMembership,
    collection: membershipBooks,
    bookId: membershipBookId,
    toBook: ({ expectedRevision: _, ...terms }): MembershipTerms => ({ bookId: membershipBookId, ...terms }),
  })
