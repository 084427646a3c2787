import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { consentLog } from '../../accounts/accounts.schema.js'
import type { AccountsPolicy } from '../../accounts/accounts-policy.js'
import type { ConsentEntry } from '../../accounts/consent.js'
import type { Actor } from '../../shared/actor.js'
import type { Instant } from '../../shared/instant.js'
import { openValue, type Place, type Sealer, type SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CorePorts, CryptoUnavailable } from '../../shared/ports.js'
import { type Asked, type Entry, entries, known, row, type Stored } from '../../shared/read-plan.js'
import type { SearchPolicy } from '../search/search-policy.js'
import { type BrowsingHistory, gatherItems, type HistoryItem } from './browsing-history.js'
import { browsingHistories, parseItems } from './browsing-history.schema.js'

/** What histories need of the world. */
export type HistoryPorts = CorePorts & {
  readonly sealer: Sealer
  readonly accountsPolicy: AccountsPolicy
  /** Says from how many people on a searched text is popular. */
  readonly search?: SearchPolicy
}

/** The consent that histories hang on. */
export const historyPurpose = 'personalisation'

/** A history as it was read, with what it hangs on. */
export type HistoryRead = {
  readonly history: Stored<BrowsingHistory> | undefined
  readonly historyKey: Stored<SubjectKey> | undefined
  readonly consent: readonly Entry<ConsentEntry>[]
}

/** Asks for a customer's history, their key and their last word on personalisation. */
export const askHistory = (accountId: string): { readonly [Name in keyof HistoryRead]: Asked<HistoryRead[Name]> } => ({
  history: row(browsingHistories, accountId),
  historyKey: row(subjectKeys, accountId),
  consent: entries(consentLog, {
    where: [
      { field: 'accountId', is: 'eq', value: accountId },
      { field: 'purpose', is: 'eq', value: historyPurpose },
    ],
    orderBy: { field: 'at', direction: 'descending' },
    limit: 1,
  }),
})

/** Asks for the history of whoever asks, where they are a customer. */
export const askOwnHistory = (actor: Actor): ReturnType<typeof askHistory> =>
  actor.kind === 'customer'
    ? askHistory(actor.accountId)
    : { history: known(undefined), historyKey: known(undefined), consent: known([]) }

/** Whether the customer agrees to a history, on the notice of today. */
export const isAgreed = (
  { accountsPolicy }: Pick<HistoryPorts, 'accountsPolicy'>,
  { consent }: HistoryRead,
): boolean => {
  const { consents } = accountsPolicy
  const rule = Object.hasOwn(consents, historyPurpose) ? consents[historyPurpose] : undefined
  const last = consent[0]?.body
  return (
    rule !== undefined &&
    last?.decision === 'given' &&
    (rule.noticeVersion === null || rule.noticeVersion === last.noticeVersion)
  )
}

/** Where the items of a history are sealed. */
export const itemsPlace = (accountId: string): Place => ({
  collection: browsingHistories.name,
  id: accountId,
  field: 'items',
})

/** The items of a history; none where they cannot be read any more. Whoever writes them again goes by these. */
export const openItems = (
  { sealer }: Pick<HistoryPorts, 'sealer'>,
  { history, historyKey }: Pick<HistoryRead, 'history' | 'historyKey'>,
): ResultAsync<readonly HistoryItem[], CryptoUnavailable> => {
  const items = history?.state.items
  if (history === undefined || items === undefined || items === null) return okAsync([])
  return openValue(sealer, historyKey?.state, itemsPlace(history.id), items, parseItems).orElse((error) =>
    error.type === 'Unreadable' ? okAsync<readonly HistoryItem[], CryptoUnavailable>([]) : errAsync(error),
  )
}

/** The items of a history as far as they can be read at the moment, to look at only. */
export const itemsToShow = (
  ports: Pick<HistoryPorts, 'sealer'>,
  read: Pick<HistoryRead, 'history' | 'historyKey'>,
): ResultAsync<readonly HistoryItem[], never> =>
  openItems(ports, read).orElse(() => okAsync<readonly HistoryItem[], never>([]))

/** The items of whoever asks, newest first, where they agree to a history and have not paused it; null where not. */
export const agreedItems = (
  ports: Pick<HistoryPorts, 'sealer' | 'accountsPolicy'>,
  read: HistoryRead,
  now: Instant,
): ResultAsync<readonly HistoryItem[] | null, never> =>
  !isAgreed(ports, read) || read.history?.state.paused === true
    ? okAsync(null)
    : itemsToShow(ports, read).map((items) => gatherItems(items, now))
