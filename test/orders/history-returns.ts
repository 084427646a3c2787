import { match } from 'ts-pattern'
import { receiveReturn } from '../../src/aftersales/receive-return.js'
import { refundReturn } from '../../src/aftersales/refund-return.js'
import { requestReturn } from '../../src/aftersales/request-return.js'
import { returnRequests } from '../../src/aftersales/return.collection.schema.js'
import { approveReturn, cancelReturn, refuseReturn } from '../../src/aftersales/review-return.js'
import { find } from '../../src/shared/read-plan.js'
import { ask } from './books-of.js'
import { type Answer, buyerOf, lineOf, pickFrom, type Scene } from './history-scene.js'
import type { StepOf } from './history-steps.js'
import { by, byStaff } from './open-shop.js'

/** What buyers ask back, and what staff say of it. */
export const returning = {
  async sendBack({ send, order }: Scene, { at, some }: StepOf<'sendBack'>): Promise<void> {
    const state = order(at, 'shipped', 'signed')
    if (state === undefined) return
    const context = buyerOf(state)
    const lines = [{ lineId: lineOf(state, some.line), quantity: some.pieces }]
    const kind = some.line % 3 === 0 ? 'refundOnly' : 'returnAndRefund'
    const reason = some.line % 2 === 0 ? 'noReason' : 'quality'
    await send((world) => requestReturn(world, context, { orderId: state.orderId, kind, reason, lines }))
  },
  async decide({ shop, send }: Scene, { does, at }: StepOf<'approve'>): Promise<void> {
    const asked = pickFrom(await ask(shop, find(returnRequests, { where: [], limit: 10_000 })), at)
    if (asked === undefined) return
    const { returnId, accountId, lines } = asked.state
    const context = does === 'withdraw' ? by(accountId) : byStaff()
    const inspected = lines.map(({ lineId, quantity }) => ({
      lineId,
      receivedQuantity: quantity,
      acceptedQuantity: quantity - (at % 2),
      restockQuantity: at % 3 === 0 ? 0 : quantity - (at % 2),
      ...(at % 3 === 0 && at % 5 !== 0 ? { quarantineQuantity: quantity - (at % 2) } : {}),
    }))
    await send((world) =>
      match(does)
        .with('approve', (): Answer => approveReturn(world, context, { returnId }))
        .with('refuse', (): Answer => refuseReturn(world, context, { returnId, ground: 'conditionNotMet' }))
        .with('withdraw', (): Answer => cancelReturn(world, context, { returnId }))
        .with('receive', (): Answer => receiveReturn(world, context, { returnId, lines: inspected }))
        .with('refundReturn', (): Answer => refundReturn(world, context, { returnId }))
        .exhaustive(),
    )
  },
}
