import { okAsync, type ResultAsync } from 'neverthrow'
import type { StorageError } from '../shared/decide-and-commit.js'
import { believedUntil } from '../shared/due.js'
import type { Instant } from '../shared/instant.js'
import { valuesAt } from '../shared/json.js'
import { eachAlone, type ReadAlone } from '../shared/read-alone.js'
import { readFacts } from '../shared/read-facts.js'
import { find, known, type PageEnd, type Stored } from '../shared/read-plan.js'
import type { Channel, MessageRecord } from './message.js'
import { messages } from './message.schema.js'
import { longestPauseMs } from './message-machine.js'
import type { NotifyPorts } from './ports.js'
import { type TemplateName, templatesByUrgency } from './templates.js'

/** Messages that are due, the most urgent first, and those among them that cannot be read. */
export type DueMessages = {
  readonly due: readonly { readonly id: string; readonly channel: Channel }[]
  readonly unreadable: readonly { readonly messageId: string; readonly reason: string }[]
}

type Urgency = keyof typeof templatesByUrgency
type Row = Stored<ReadAlone<MessageRecord>>

/** What was found of each urgency so far, and behind which row to look on; null where there is no more. */
type Sofar = Readonly<Record<Urgency, Found>> & {
  /** What was put off by a clock that was wrong; absent before one has looked. */
  readonly ahead?: readonly Row[]
}

type Found = { readonly rows: readonly Row[]; readonly after: PageEnd | null | undefined }

// How often one looks behind rows that cannot be read.
const mostPages = 10

const nothingYet: Sofar = {
  account: { rows: [], after: undefined },
  service: { rows: [], after: undefined },
  marketing: { rows: [], after: undefined },
}

/**
 * Finds messages that are due, of each urgency what waited longest, and behind them those that a clock which was wrong has
 * put off. One that cannot be read keeps no other from being found, and takes the place of none: others are looked for
 * behind it, a bounded number of times.
 *
 * @errors StorageError
 */
export const findDueMessages = (
  { storage, shop, clock }: Pick<NotifyPorts, 'storage' | 'shop' | 'clock'>,
  limit: number,
): ResultAsync<DueMessages, StorageError> => {
  const now = clock.now()
  const look = (before: Sofar, pages: number): ResultAsync<Sofar, StorageError> =>
    readFacts(storage, {
      shop,
      scope: { kind: 'all' },
      at: now,
      plan: {
        account: askDue(templatesByUrgency.account, { now, limit, after: before.account.after }),
        service: askDue(templatesByUrgency.service, { now, limit, after: before.service.after }),
        marketing: askDue(templatesByUrgency.marketing, { now, limit, after: before.marketing.after }),
        ahead: before.ahead === undefined ? askAhead(now, limit) : known(before.ahead),
      },
    }).andThen((found) => {
      const next = {
        account: goOn(before.account.rows, found.account, limit),
        service: goOn(before.service.rows, found.service, limit),
        marketing: goOn(before.marketing.rows, found.marketing, limit),
        ahead: found.ahead,
      }
      const isOver = [next.account, next.service, next.marketing].every(({ after }) => after === null)
      return isOver || pages <= 1 ? okAsync<Sofar, StorageError>(next) : look(next, pages - 1)
    })
  return look(nothingYet, mostPages).map(({ account, service, marketing, ahead = [] }) => {
    const rows = [...account.rows, ...service.rows, ...marketing.rows, ...ahead]
    return {
      due: rows
        .flatMap(({ id, state }) => (state.read.isOk() ? [{ id, channel: state.read.value.channel }] : []))
        .slice(0, limit),
      unreadable: rows.flatMap(({ id, state }) =>
        state.read.isErr() ? [{ messageId: id, reason: state.read.error.type }] : [],
      ),
    }
  })
}

const waiting = { field: 'status', is: 'in', values: ['queued', 'sending'] } as const

const askAhead = (now: Instant, limit: number) =>
  find(eachAlone(messages), {
    where: [waiting, { field: 'dueAt', is: 'gt', value: believedUntil(now, longestPauseMs) }],
    orderBy: { field: 'dueAt', direction: 'descending' },
    limit,
  })

const askDue = (
  templates: readonly TemplateName[],
  { now, limit, after }: { readonly now: Instant; readonly limit: number; readonly after: PageEnd | null | undefined },
) =>
  after === null
    ? known<readonly Row[]>([])
    : find(eachAlone(messages), {
        where: [waiting, { field: 'template', is: 'in', values: templates }, { field: 'dueAt', is: 'lte', value: now }],
        orderBy: { field: 'dueAt', direction: 'ascending' },
        limit,
        ...(after === undefined ? {} : { after }),
      })

// Only who lost places to rows that cannot be read looks on.
const goOn = (before: readonly Row[], page: readonly Row[], limit: number): Found => {
  const rows = [...before, ...page]
  const last = page.at(-1)
  const [dueAt] = last === undefined ? [] : valuesAt(last.state.stored, 'dueAt')
  const isShort = rows.filter(({ state }) => state.read.isOk()).length < limit
  const isFull = page.length === limit
  return {
    rows,
    after: isShort && isFull && last !== undefined && typeof dueAt === 'number' ? { value: dueAt, id: last.id } : null,
  }
}
