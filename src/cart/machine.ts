import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import type { Cart, CartCommand, CartError, CartEvent, CartLine, LineLimits, OpenCart } from './cart.js'
import { type CartLists, isSameItem, takeInLines } from './merge-lines.js'

/** What may be done with a cart, when, and what then happens. */
export const cartTransitions: TransitionTable<Cart['status'], CartCommand['type'], CartEvent['type']> = [
  { from: 'absent', command: 'AddLine', events: ['CartOpened', 'LineAdded'], to: 'open' },
  { from: 'open', command: 'AddLine', events: 'LineAdded', to: 'open', guard: 'item not in the cart' },
  { from: 'open', command: 'AddLine', events: 'QuantityChanged', to: 'open', guard: 'item in the cart' },
  { from: 'open', command: 'SetQuantity', events: 'QuantityChanged', to: 'open', guard: 'another quantity' },
  { from: 'open', command: 'SetQuantity', events: [], to: 'open', guard: 'the same quantity' },
  { from: 'open', command: 'RemoveLines', events: 'LinesRemoved', to: 'open', guard: 'some are there' },
  { from: 'open', command: 'RemoveLines', events: [], to: 'open', guard: 'none is there' },
  { from: 'open', command: 'SelectLines', events: 'LinesSelected', to: 'open', guard: 'some are not so yet' },
  { from: 'open', command: 'SelectLines', events: [], to: 'open', guard: 'all are so already' },
  { from: 'open', command: 'SaveForLater', events: 'LineSavedForLater', to: 'open' },
  { from: 'open', command: 'TakeBack', events: 'LineTakenBack', to: 'open' },
  { from: 'open', command: 'ClearCart', events: 'CartCleared', to: 'open', guard: 'not empty' },
  { from: 'open', command: 'ClearCart', events: [], to: 'open', guard: 'empty' },
  { from: 'open', command: 'DropInvalidLines', events: 'LinesRemoved', to: 'open', guard: 'some are there' },
  { from: 'open', command: 'DropInvalidLines', events: [], to: 'open', guard: 'none is there' },
  { from: 'absent', command: 'AttachCoupon', events: ['CartOpened', 'CouponAttached'], to: 'open' },
  { from: 'open', command: 'AttachCoupon', events: 'CouponAttached', to: 'open', guard: 'not attached' },
  { from: 'open', command: 'AttachCoupon', events: [], to: 'open', guard: 'attached' },
  { from: 'open', command: 'DetachCoupon', events: 'CouponDetached', to: 'open', guard: 'attached' },
  { from: 'open', command: 'DetachCoupon', events: [], to: 'open', guard: 'not attached' },
  { from: 'open', command: 'TakeOrderedLines', events: 'OrderedLinesTaken', to: 'open' },
  { from: 'absent', command: 'TakeInGuestCart', events: ['CartOpened', 'GuestCartTakenIn'], to: 'open' },
  { from: 'open', command: 'TakeInGuestCart', events: 'GuestCartTakenIn', to: 'open' },
  { from: 'open', command: 'NoteReminder', events: 'CartReminded', to: 'open', guard: 'left alone since a change' },
  { from: 'open', command: 'NoteReminder', events: [], to: 'open', guard: 'empty, or reminded before' },
  { from: 'open', command: 'EndMerged', events: 'CartMerged', to: 'merged' },
  { from: 'merged', command: 'EndMerged', events: [], to: 'merged' },
  { from: 'absent', command: 'RemoveLines', events: [], to: 'absent' },
  { from: 'absent', command: 'SelectLines', events: [], to: 'absent' },
  { from: 'absent', command: 'ClearCart', events: [], to: 'absent' },
  { from: 'absent', command: 'DropInvalidLines', events: [], to: 'absent' },
  { from: 'absent', command: 'DetachCoupon', events: [], to: 'absent' },
  { from: 'absent', command: 'TakeOrderedLines', events: [], to: 'absent', guard: 'nothing is named' },
  { from: 'absent', command: 'NoteReminder', events: [], to: 'absent' },
  { from: 'absent', command: 'EndMerged', events: [], to: 'absent' },
]

/** A cart nobody has put anything in. */
export const absentCart: Cart = { status: 'absent' }

const decide = (state: Cart, command: CartCommand): Result<readonly CartEvent[], CartError> => {
  if (state.status === 'merged' && !allowsCommand(cartTransitions, { status: 'merged', command: command.type })) {
    return err({ type: 'CartAlreadyMerged' })
  }
  const cart = state.status === 'open' ? state : undefined
  const lines = cart?.lines ?? []
  const later = cart?.later ?? []
  const { at } = command
  return match(command)
    .returnType<Result<readonly CartEvent[], CartError>>()
    .with({ type: 'AddLine' }, (add) => {
      const before = lines.find((line) => isSameItem(line, add))
      if (!isQuantity(add.quantity)) return err({ type: 'QuantityInvalid', quantity: add.quantity })
      const refusal = checkQuantity(lines, add, (before?.quantity ?? 0) + add.quantity, add.limits)
      if (refusal !== undefined) return err(refusal)
      if (before !== undefined) return ok([quantityChanged(before, before.quantity + add.quantity, at)])
      if (lines.length >= add.policy.maxLines) return err({ type: 'CartFull', maxLines: add.policy.maxLines })
      const { lineId, productId, sku, quantity } = add
      if ([...lines, ...later].some((line) => line.lineId === lineId)) return err({ type: 'LineIdTaken', lineId })
      const price = add.price === undefined ? {} : { priceWhenAdded: add.price }
      const line: CartLine = { lineId, productId, sku, quantity, selected: true, addedAt: at, ...price }
      return ok([...opening(state, add), { type: 'LineAdded', line, at }])
    })
    .with({ type: 'SetQuantity' }, ({ lineId, quantity, limits }) => {
      const line = lines.find((each) => each.lineId === lineId)
      if (line === undefined) return err(lineNotFound(lineId))
      if (!isQuantity(quantity)) return err({ type: 'QuantityInvalid', quantity })
      if (quantity === line.quantity) return ok([])
      // Fewer are always allowed, be there still more than may be had: a limit keeps nobody from going toward it.
      const refusal = quantity < line.quantity ? undefined : checkQuantity(lines, line, quantity, limits)
      return refusal === undefined ? ok([quantityChanged(line, quantity, at)]) : err(refusal)
    })
    .with({ type: 'RemoveLines' }, ({ lineIds }) => ok(removeLines([...lines, ...later], lineIds, 'removed', at)))
    .with({ type: 'DropInvalidLines' }, ({ lineIds }) => ok(removeLines(lines, lineIds, 'invalid', at)))
    .with({ type: 'SelectLines' }, ({ lineIds, selected }) => {
      const unknown = lineIds?.find((id) => !lines.some(({ lineId }) => lineId === id))
      if (unknown !== undefined) return err(lineNotFound(unknown))
      const changed = lines.filter((line) => line.selected !== selected && (lineIds?.includes(line.lineId) ?? true))
      if (changed.length === 0) return ok([])
      return ok([{ type: 'LinesSelected', lineIds: changed.map(({ lineId }) => lineId), selected, at }])
    })
    .with({ type: 'SaveForLater' }, ({ lineId, policy }) => {
      if (!lines.some((line) => line.lineId === lineId)) return err(lineNotFound(lineId))
      if (later.length >= policy.maxLines) return err({ type: 'CartFull', maxLines: policy.maxLines })
      return ok([{ type: 'LineSavedForLater', lineId, at }])
    })
    .with({ type: 'TakeBack' }, ({ lineId, limits, policy }) => {
      const line = later.find((each) => each.lineId === lineId)
      if (line === undefined) return err(lineNotFound(lineId))
      const before = lines.find((other) => isSameItem(other, line))
      const quantity = (before?.quantity ?? 0) + line.quantity
      const refusal = checkQuantity(lines, line, quantity, limits)
      if (refusal !== undefined) return err(refusal)
      if (before === undefined && lines.length >= policy.maxLines) {
        return err({ type: 'CartFull', maxLines: policy.maxLines })
      }
      return ok([{ type: 'LineTakenBack', lineId, quantity, at }])
    })
    .with({ type: 'ClearCart' }, () =>
      ok(lines.length === 0 && (cart?.couponIds ?? []).length === 0 ? [] : [{ type: 'CartCleared', at }]),
    )
    .with({ type: 'AttachCoupon' }, (attach) => {
      const { couponId, endedIds, policy } = attach
      const ended = (cart?.couponIds ?? []).filter((each) => endedIds.includes(each))
      const attached = (cart?.couponIds ?? []).filter((each) => !endedIds.includes(each))
      if (attached.includes(couponId)) return ok([])
      if (attached.length >= policy.maxCoupons) return err({ type: 'TooManyCoupons', maximum: policy.maxCoupons })
      return ok([
        ...opening(state, attach),
        ...ended.map((each) => ({ type: 'CouponDetached', couponId: each, at }) as const),
        { type: 'CouponAttached', couponId, at },
      ])
    })
    .with({ type: 'DetachCoupon' }, ({ couponId }) =>
      ok(cart?.couponIds.includes(couponId) === true ? [{ type: 'CouponDetached', couponId, at }] : []),
    )
    .with({ type: 'TakeOrderedLines' }, ({ orderId, lines: ordered, couponIds }) => {
      const unknown = ordered.find((each) => !lines.some(({ lineId }) => lineId === each.lineId))
      if (unknown !== undefined) return err(lineNotFound(unknown.lineId))
      const invalid = ordered.find(({ quantity }) => !isQuantity(quantity))
      if (invalid !== undefined) return err({ type: 'QuantityInvalid', quantity: invalid.quantity })
      const left = ordered.map(({ lineId, quantity }) => ({
        lineId,
        left: Math.max(0, (lines.find((line) => line.lineId === lineId)?.quantity ?? 0) - quantity),
      }))
      if (cart === undefined) return ok([])
      const used = couponIds.filter((couponId) => cart.couponIds.includes(couponId))
      return ok([{ type: 'OrderedLinesTaken', orderId, lines: left, couponIds: used, at }])
    })
    .with({ type: 'TakeInGuestCart' }, (merge) => {
      const { notTaken: _, ...taken } = takeInLines({ lines, later }, merge)
      const doubled = findDoubled({ lines, later }, taken)
      if (doubled !== undefined) return err({ type: 'LineIdTaken', lineId: doubled.lineId })
      return ok([...opening(state, merge), { type: 'GuestCartTakenIn', guestCartId: merge.guestCartId, ...taken, at }])
    })
    .with({ type: 'NoteReminder' }, () => ok(cart?.quietSince === undefined ? [] : [{ type: 'CartReminded', at }]))
    .with({ type: 'EndMerged' }, () => ok(cart === undefined ? [] : [{ type: 'CartMerged', cartId: cart.cartId, at }]))
    .exhaustive()
}

const evolve = (state: Cart, event: CartEvent): Cart => {
  if (event.type === 'CartOpened') {
    const { cartId, ownerId, ownerKind, at } = event
    return { status: 'open', cartId, ownerId, ownerKind, lines: [], later: [], couponIds: [], updatedAt: at }
  }
  if (state.status !== 'open') return state
  const next = evolveOpen(state, event)
  if (next.status !== 'open') return next
  const { quietSince: _, ...cart } = next
  return cart.lines.length === 0 || event.type === 'CartReminded' ? cart : { ...cart, quietSince: event.at }
}

const evolveOpen = (state: OpenCart, event: Exclude<CartEvent, { type: 'CartOpened' }>): Cart => {
  const cart = { ...state, updatedAt: event.at }
  switch (event.type) {
    case 'CartReminded':
      // Its owner did nothing.
      return state
    case 'LineAdded':
      return { ...cart, lines: [...cart.lines, event.line] }
    case 'QuantityChanged':
      return { ...cart, lines: cart.lines.map((line) => withQuantity(line, event.lineId, event.quantity)) }
    case 'LinesRemoved':
      return { ...cart, lines: without(cart.lines, event.lineIds), later: without(cart.later, event.lineIds) }
    case 'LinesSelected':
      return {
        ...cart,
        lines: cart.lines.map((line) =>
          event.lineIds.includes(line.lineId) ? { ...line, selected: event.selected } : line,
        ),
      }
    case 'LineSavedForLater':
      return {
        ...cart,
        lines: without(cart.lines, [event.lineId]),
        later: [...cart.later, ...cart.lines.filter(({ lineId }) => lineId === event.lineId)],
      }
    case 'LineTakenBack':
      return takeBack(cart, event.lineId, event.quantity)
    case 'CartCleared':
      return { ...cart, lines: [], couponIds: [] }
    case 'CouponAttached':
      return { ...cart, couponIds: [...cart.couponIds, event.couponId] }
    case 'CouponDetached':
      return { ...cart, couponIds: cart.couponIds.filter((couponId) => couponId !== event.couponId) }
    case 'OrderedLinesTaken': {
      const left = new Map(event.lines.map((line) => [line.lineId, line.left]))
      return {
        ...cart,
        lines: cart.lines
          .map((line) => ({ ...line, quantity: left.get(line.lineId) ?? line.quantity }))
          .filter(({ quantity }) => quantity > 0),
        couponIds: cart.couponIds.filter((couponId) => !event.couponIds.includes(couponId)),
      }
    }
    case 'GuestCartTakenIn':
      return { ...cart, lines: putLines(cart.lines, event.lines), later: putLines(cart.later, event.later) }
    case 'CartMerged':
      return {
        status: 'merged',
        cartId: cart.cartId,
        ownerId: cart.ownerId,
        ownerKind: cart.ownerKind,
        mergedAt: event.at,
        updatedAt: event.at,
      }
  }
}

/** The cart of an account or a guest: one line for each item, under limits that arrive with the command. */
export const cartMachine: Decider<Cart, CartCommand, CartEvent, CartError> = { initial: absentCart, decide, evolve }

/** Why a line may not hold so many pieces; nothing when it may. */
const checkQuantity = (
  lines: readonly CartLine[],
  item: { readonly sku: string; readonly productId: string },
  requested: number,
  limits: LineLimits,
): CartError | undefined => {
  const { sku, productId } = item
  if (requested > limits.maxQuantity) {
    return { type: 'QuantityAboveMaximum', sku, requested, maximum: limits.maxQuantity }
  }
  const ofProduct = requested + otherPieces(lines, item)
  if (limits.personRemaining !== null && ofProduct > limits.personRemaining) {
    return { type: 'PersonLimitExceeded', productId, requested: ofProduct, remaining: limits.personRemaining }
  }
  if (limits.available !== null && requested > limits.available) {
    return { type: 'StockInsufficient', sku, requested, available: limits.available }
  }
  return undefined
}

/** Pieces of the same product under other SKUs. */
const otherPieces = (lines: readonly CartLine[], item: { readonly sku: string; readonly productId: string }): number =>
  lines
    .filter(({ sku, productId }) => productId === item.productId && sku !== item.sku)
    .reduce((sum, { quantity }) => sum + quantity, 0)

const isQuantity = (quantity: number): boolean => Number.isSafeInteger(quantity) && quantity >= 1

const opening = (
  state: Cart,
  { cartId, ownerId, ownerKind, at }: Omit<Extract<CartEvent, { readonly type: 'CartOpened' }>, 'type'>,
): readonly CartEvent[] => (state.status === 'absent' ? [{ type: 'CartOpened', cartId, ownerId, ownerKind, at }] : [])

const lineNotFound = (id: string): CartError => ({ type: 'NotFound', entity: 'cartLine', id })

const quantityChanged = (line: CartLine, quantity: number, at: number): CartEvent => ({
  type: 'QuantityChanged',
  lineId: line.lineId,
  quantity,
  at,
})

const removeLines = (
  lines: readonly CartLine[],
  lineIds: readonly string[],
  reason: 'removed' | 'invalid',
  at: number,
): readonly CartEvent[] => {
  const there = lines.filter(({ lineId }) => lineIds.includes(lineId)).map(({ lineId }) => lineId)
  return there.length === 0 ? [] : [{ type: 'LinesRemoved', lineIds: there, reason, at }]
}

const without = (lines: readonly CartLine[], lineIds: readonly string[]): readonly CartLine[] =>
  lines.filter(({ lineId }) => !lineIds.includes(lineId))

const withQuantity = (line: CartLine, lineId: string, quantity: number): CartLine =>
  line.lineId === lineId ? { ...line, quantity } : line

const takeBack = (cart: OpenCart, lineId: string, quantity: number): OpenCart => {
  const line = cart.later.find((each) => each.lineId === lineId)
  if (line === undefined) return cart
  const before = cart.lines.find((other) => isSameItem(other, line))
  return {
    ...cart,
    later: without(cart.later, [lineId]),
    lines:
      before === undefined
        ? [...cart.lines, { ...line, quantity }]
        : cart.lines.map((each) => withQuantity(each, before.lineId, quantity)),
  }
}

/** A new line under an id that is in use. */
const findDoubled = (before: CartLists, taken: CartLists): CartLine | undefined => {
  const held = [...before.lines, ...before.later].map(({ lineId }) => lineId)
  const added = [...taken.lines.filter((each) => !before.lines.some((line) => isSameItem(line, each))), ...taken.later]
  return added.find(
    (line, index) => held.includes(line.lineId) || added.findIndex(({ lineId }) => lineId === line.lineId) !== index,
  )
}

const putLines = (lines: readonly CartLine[], changed: readonly CartLine[]): readonly CartLine[] => {
  const byId = new Map(lines.map((line) => [line.lineId, line]))
  for (const line of changed) byId.set(line.lineId, line)
  return [...byId.values()]
}
