import { err, errAsync, ok, okAsync, type Result, ResultAsync, safeTry } from 'neverthrow'
import { type QuotedRates, quoteRates } from '../../pricing/quote-rates.js'
import type { RatesUnavailable } from '../../pricing/rate-sources.js'
import type { Actor } from '../../shared/actor.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { canonicalJson } from '../../shared/json.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type Asked, known, row, type Stored } from '../../shared/read-plan.js'
import type { AddressBook } from '../addresses/address-book.js'
import { askRecipient, type ChosenRecipientError, recipientOf } from '../addresses/choose-recipient.js'
import type { Recipient } from '../addresses/recipient.js'
import { endedBy } from '../money/ended-by.js'
import { mayGoUnpaidTo } from '../on-delivery/choose-on-delivery.js'
import { askEditableOrder, draftOrder, type OrderDraft, type OrderRead, openDraft, orderIn } from '../order-draft.js'
import { isEmptiedBy } from '../order-edit-steps.js'
import type { EditOrderInput } from '../order-inputs.js'
import { cancelledPieces } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { warehousesOf } from '../placing/quoted-gifts.js'
import type { PlaceOrderPorts } from '../ports.js'
import { editPaid } from './edit-paid.js'
import { editUnpaid } from './edit-unpaid.js'
import { askMore, type More, type MoreRead, withBought } from './more-pieces.js'
import {
  changedPieces,
  changeRecord,
  type EditAsked,
  type EditOrderError,
  type EditOutcome,
  outcomeOf,
  proposedOutcomeOf,
} from './order-edit.js'
import { keepVersion, recipientBefore, targetsBefore, type UndoError } from './order-versions.js'
import { proposeEdit } from './propose-edit.js'
import { dropEdit } from './settle-edit.js'

/** An order as it would be, and what to apply it by. */
export type EditPreview = EditOutcome & {
  /** Stands for the order as it is, the change and what it comes to; another as soon as one of them is. */
  readonly hash: string
}

/** Why no change of an order can be reckoned. */
export type ReckonEditError =
  | UndoError
  | EditOrderError
  | ChosenRecipientError
  | RatesUnavailable
  | CryptoUnavailable
  | StorageUnavailable
  | StoredDataInvalid

/** Everything that a change of an order is reckoned by, as it was read. */
export type EditRead = OrderRead &
  MoreRead & {
    readonly memberKey: Stored<SubjectKey> | undefined
    readonly addresses: Stored<AddressBook> | undefined
  }

/** Asks for everything that a change of an order is reckoned by, in one read. */
export const askEdit = (
  ports: PlaceOrderPorts,
  actor: Actor,
  { orderId, recipient }: EditOrderInput,
): { readonly [Name in keyof EditRead]: Asked<EditRead[Name]> } => ({
  ...askEditableOrder(orderId),
  ...askMore(ports),
  memberKey: row(subjectKeys, { from: 'order', path: 'accountId' }),
  ...(recipient === undefined ? { addresses: known(undefined) } : askRecipient(actor, recipient)),
})

type Pieces = Pick<EditAsked, 'removed' | 'added'>

/** A change of an order that was reckoned and is not written. */
export type ReckonedEdit = {
  readonly draft: OrderDraft
  readonly preview: EditPreview
  /** Who gets it from now on; null where that stays. */
  readonly recipient: Recipient | null
}

/**
 * Reckons a change of an order: previews and changes are made by this one function.
 *
 * @param moment.editId - what the change is done under
 * @errors ReckonEditError
 */
export const reckonEdit = (
  ports: PlaceOrderPorts,
  read: EditRead,
  input: EditOrderInput,
  moment: { readonly actor: Actor; readonly now: Instant; readonly editId: string },
): ResultAsync<ReckonedEdit, ReckonEditError> =>
  recipientFor(ports, read, input).andThen((recipient) =>
    openDraft(read, input.orderId, moment.now)
      .andThen((draft) => orderIn(draft).map((order) => ({ draft, order })))
      .andThen(({ draft, order }) =>
        (input.undo === undefined ? ok(input.lines ?? []) : targetsBefore(order, input.undo))
          .andThen((targets): Result<Pieces, ReckonEditError> => changedPieces(order, targets))
          // Before anything is asked for, or priced: of nothing there is neither a rate nor a price.
          .andThen((pieces) => checkLeaves(order, pieces))
          .map((pieces) => ({ draft, order, ...pieces })),
      )
      .asyncAndThen(({ draft, order, removed, added }) => {
        const region = recipient?.region ?? order.details.region
        const quote = (place: string, how?: 'anew') =>
          ratesFor(ports, order, { region: place, removed, added, now: moment.now, anew: how === 'anew' })
        const before = regionsBefore(order, region, added).map((place) =>
          quote(place).map((rates) => ({ region: place, rates })),
        )
        const here = isQuotedForOthers(order, { region, removed })
          ? quote(order.details.region, 'anew')
          : okAsync<QuotedRates | null, RatesUnavailable>(null)
        const counted = withBought(ports, order, added, { read, at: moment.now })
        return ResultAsync.combine([quote(region), here, ResultAsync.combine(before), counted]).andThen(
          ([rates, ratesHere, before, read]) =>
            decideEdit(
              draft,
              order,
              {
                by: endedBy(moment.actor),
                newRecipient: recipient !== null,
                region,
                removed,
                added,
                rates,
                ratesHere,
                before,
                editId: moment.editId,
              },
              { read, warehouses: warehousesOf(ports) },
            ),
        )
      })
      .andThen(({ draft, outcome }) =>
        ports.digests
          .digest(
            'order-edit',
            // Until when a difference is to be paid moves with the clock.
            canonicalJson({
              version: draft.order.version,
              recipient,
              lines: input.lines ?? null,
              ...(input.undo === undefined ? {} : { undo: input.undo }),
              outcome: { ...outcome, payBy: null },
            }),
          )
          .map((hash) => ({ draft, preview: { ...outcome, hash }, recipient })),
      ),
  )

const checkLeaves = (order: OrderRow, pieces: Pieces): Result<Pieces, ReckonEditError> => {
  const { orderId, status } = order
  const isOpen = status === 'awaitingPayment' || status === 'paid' || status === 'partlyShipped'
  return isOpen && pieces.removed.length > 0 && isEmptiedBy(order, pieces.removed)
    ? err({ type: 'EditLeavesNothing', orderId })
    : ok(pieces)
}

const decideEdit = (
  draft: OrderDraft,
  order: OrderRow,
  asked: EditAsked,
  more: More,
): Result<{ readonly draft: OrderDraft; readonly outcome: EditOutcome }, EditOrderError> =>
  safeTry(function* () {
    const { by, newRecipient, removed, added, region } = asked
    if (!newRecipient && removed.length === 0 && added.length === 0) {
      return err<never, EditOrderError>({ type: 'NothingToDo', command: 'Edit' })
    }
    switch (order.status) {
      case 'awaitingPayment':
        yield* editUnpaid(draft, order, asked, more)
        break
      case 'paid':
      case 'partlyShipped':
        if (yield* changePaid(draft, order, asked, more)) break
        return ok({ draft, outcome: proposedOutcomeOf(order, yield* orderIn(draft), newRecipient) })
      case 'closing':
      case 'divided':
      case 'shipped':
      case 'signed':
      case 'completed':
      case 'cancelling':
      case 'cancelled':
      case 'closed':
        // The machine says why.
        yield* draftOrder(draft, { type: 'Edit', by, newRecipient, removed, refund: null, at: draft.at, advanceAt: 0 })
    }
    draft.details = {
      ...draft.details,
      ...keepVersion(order, { editId: asked.editId, newRecipient, at: draft.at }),
      region,
    }
    const after = yield* orderIn(draft)
    return ok({ draft, outcome: outcomeOf(order, after, newRecipient, draft.read.siblings) })
  })

/** Changes a paid order now, or, where it comes dearer, notes the change until it is paid. */
const changePaid = (
  draft: OrderDraft,
  order: OrderRow,
  asked: EditAsked,
  more: More,
): Result<boolean, EditOrderError> =>
  safeTry(function* () {
    yield* mayGoUnpaidTo(order, asked.region)
    if (asked.added.length === 0) {
      yield* dropEdit(draft)
      const done = editPaid(draft, yield* orderIn(draft), asked)
      const collects = order.details.policy.dearerCarriage === 'buyer'
      if (done.isOk() || done.error.type !== 'EditCostsMore' || !collects) return done.map(() => true)
    }
    yield* proposeEdit(draft, order, asked, more)
    return ok(false)
  })

// Where the key of the buyer is gone their data was erased, and none is to be written again.
const recipientFor = (
  { sealer }: PlaceOrderPorts,
  read: EditRead,
  { orderId, recipient, undo }: EditOrderInput,
): ResultAsync<Recipient | null, ChosenRecipientError> => {
  if (undo !== undefined && read.order !== undefined) {
    return recipientBefore(sealer, read.memberKey, read.order.state, undo)
  }
  if (recipient === undefined || read.order === undefined) return okAsync(null)
  if (read.memberKey === undefined) return errAsync({ type: 'Unreadable', place: `order/${orderId}/recipient` })
  return recipientOf(sealer, read, recipient)
}

// Where the buyer does not pay dearer carriage, more pieces cost them no more of it than to where it was to go before.
const regionsBefore = (order: OrderRow, region: string, added: EditAsked['added']): readonly string[] => {
  const { policy, price, priced, region: now, earlier = [] } = order.details
  if (!('paidAt' in order) || added.length === 0 || price.shipping === null) return []
  switch (policy.dearerCarriage ?? 'refuse') {
    case 'buyer':
      return []
    case 'refuse':
      return now === region ? [] : [now]
    case 'seller': {
      const sincePaid = earlier.filter(({ at }) => at > order.paidAt).map((version) => version.region)
      const all = new Set([now, priced.input.shipping?.region ?? now, ...sincePaid])
      return [...all].filter((each) => each !== region)
    }
  }
}

// Of a checkout that was divided, the rates were quoted for the goods of all, and of an order that holds less by now for what
// it held: what carriage of its own goods costs where it goes now is held against what it costs elsewhere.
const isQuotedForOthers = (order: OrderRow, { region, removed }: Pick<EditAsked, 'region' | 'removed'>): boolean =>
  region !== order.details.region &&
  (order.details.partOf !== undefined ||
    ('paidAt' in order && (removed.length > 0 || cancelledPieces(order).length > 0)))

// Rates from outside are for the goods and the region they were quoted for.
const ratesFor = (
  ports: PlaceOrderPorts,
  order: OrderRow,
  change: Pick<EditAsked, 'region' | 'removed' | 'added'> & {
    readonly now: Instant
    /** Whether also where it goes now and holds what it held. */
    readonly anew: boolean
  },
): ResultAsync<QuotedRates | null, RatesUnavailable> => {
  const { rates } = order.details.priced
  const fewer = change.removed.length > 0 && !('paidAt' in order)
  const same = change.region === order.details.region && !fewer && change.added.length === 0
  if (rates === undefined || (same && !change.anew)) return okAsync(null)
  const removed = [...change.removed, ...cancelledPieces(order)]
  const { lines, currency } = changeRecord(order, { ...change, removed, rates: null }).input
  return quoteRates(ports, { region: change.region, currency, lines, now: change.now }).andThen((quoted) =>
    ResultAsync.combine([
      quotedAgain(rates.shipping, quoted.shipping, 'CarriageRatesUnavailable'),
      quotedAgain(rates.tax, quoted.tax, 'TaxRatesUnavailable'),
    ]).map(([shipping, tax]) => ({ shipping, tax })),
  )
}

const quotedAgain = <Quote>(
  before: Quote | null,
  now: Quote | null,
  type: RatesUnavailable['type'],
): ResultAsync<Quote | null, RatesUnavailable> => {
  if (before === null) return okAsync(null)
  return now === null ? errAsync({ type, reason: 'failed' }) : okAsync(now)
}
