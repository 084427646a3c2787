import { ok, type ResultAsync } from 'neverthrow'
import { actorName } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { find, row, type TimedPageEnd } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { messages } from './message.schema.js'
import type { MyMessagesInput } from './my-messages.schema.js'
import { parseMyMessages } from './my-messages.schema.js'
import { messagePreferences } from './preference.schema.js'
import { type TemplateName, writeMessage } from './templates.js'

/** A message in one's account. */
export type OwnMessage = {
  readonly messageId: string
  readonly template: TemplateName
  readonly subject: string
  readonly text: string
  /** When its cause happened. */
  readonly at: Instant
}

/** A page of the messages in one's account, the newest first, in one's own language. */
export type OwnMessages = {
  readonly messages: readonly OwnMessage[]
  /** Where the next page begins; null at the end. */
  readonly next: TimedPageEnd | null
}

/**
 * Lists the messages that stand in the account of the customer who asks.
 *
 * @errors QueryError
 */
export const myMessages = (
  ports: CorePorts,
  context: QueryContext,
  input: MyMessagesInput,
): ResultAsync<OwnMessages, QueryError> =>
  runQuery(ports, context, input, {
    action: 'notify.myMessages',
    parse: parseMyMessages,
    plan: ({ input: { limit, after }, actor }) => {
      const accountId = actor.kind === 'customer' ? actor.accountId : actorName(actor)
      return {
        preference: row(messagePreferences, accountId),
        found: find(messages, {
          where: [
            { field: 'accountId', is: 'eq', value: accountId },
            { field: 'channel', is: 'eq', value: 'inApp' },
            { field: 'status', is: 'eq', value: 'sent' },
          ],
          orderBy: { field: 'queuedAt', direction: 'descending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after }),
        }),
      }
    },
    answer: ({ preference, found }, { input: { limit, utcOffsetMinutes } }) => {
      const page = found.slice(0, limit).map(({ state }) => state)
      const last = page.at(-1)
      const locale = preference?.state.locale ?? 'zh-CN'
      const options = { locale, ...(utcOffsetMinutes === undefined ? {} : { utcOffsetMinutes }) }
      return ok({
        messages: page.map(({ messageId, template, facts, queuedAt }) => ({
          messageId,
          template,
          ...writeMessage(template, facts, options),
          at: queuedAt,
        })),
        next: found.length > limit && last !== undefined ? { value: last.queuedAt, id: last.messageId } : null,
      })
    },
  })
