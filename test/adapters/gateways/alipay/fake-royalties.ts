import type { Told } from '../loopback.js'

type Content = Readonly<Record<string, unknown>>
type Divided = { readonly id: string; readonly yuan: string; readonly isPaid: boolean; readonly isFrozen: boolean }

type State = 'SUCCESS' | 'FAIL' | 'PROCESSING'
type Move = {
  readonly number: string
  readonly trade: string
  readonly kind: 'transfer' | 'transfer_refund'
  readonly account: string
  readonly yuan: string
  readonly state: State
  readonly errorCode?: string
}

/** Alipay's user ids of payees. */
export const payees = { potter: '2088000000000011', weaver: '2088000000000012' }

const cents = (yuan: string) => Math.round(Number(yuan) * 100)
const text = (content: Content, name: string): string => {
  const value = content[name]
  return typeof value === 'string' ? value : ''
}

/** Division of trades among payees as Alipay keeps it (商家分账). */
export const createFakeRoyalties = (world: {
  readonly sellerId: string
  readonly find: (tradeId: string) => Divided | undefined
  readonly done: (method: string, facts: object) => Told
  readonly refuse: (method: string, subCode: string) => Told
}) => {
  const { sellerId, find, done, refuse } = world
  const moves = new Map<string, Move>()
  const bound = new Set<string>()
  const finished = new Set<string>()
  const goneBack = new Set<string>()
  const spent = new Map<string, number>()
  const silent = new Set<string>()
  let next: { readonly state: State; readonly errorCode?: string } = { state: 'SUCCESS' }

  const keyOf = (trade: string, number: string) => `${trade} ${number}`
  const sumOf = (kind: Move['kind'], trade: string, account: string | null) =>
    [...moves.values()]
      .filter(
        (each) =>
          each.kind === kind &&
          each.trade === trade &&
          each.state !== 'FAIL' &&
          (account === null || each.account === account),
      )
      .reduce((sum, { yuan }) => sum + cents(yuan), 0)

  const readPart = (value: unknown): { out: string; into: string; yuan: string } | null => {
    if (!Array.isArray(value) || value.length !== 1) return null
    const { royalty_type, trans_out, trans_out_type, trans_in, trans_in_type, amount, desc } = value[0]
    const isSound =
      royalty_type === 'transfer' &&
      trans_out_type === 'userId' &&
      trans_in_type === 'userId' &&
      /^\d+\.\d\d$/.test(amount) &&
      Number(amount) > 0 &&
      typeof desc === 'string' &&
      [...desc].length <= 100
    return isSound ? { out: trans_out, into: trans_in, yuan: amount } : null
  }

  const settle = (method: string, content: Content): Told => {
    const number = text(content, 'out_request_no')
    const trade = text(content, 'trade_no')
    const found = find(trade)
    if (!/^\w{1,32}$/.test(number)) return refuse(method, 'ACQ.INVALID_PARAMETER')
    if (found === undefined) return refuse(method, 'ACQ.TRADE_NOT_EXIST')
    const answer = done(method, { trade_no: trade, settle_no: `2026${number.length}${trade.length}` })
    if (JSON.stringify(content.extend_params) === '{"royalty_finish":"true"}' && !('royalty_parameters' in content)) {
      if (goneBack.has(trade)) return refuse(method, 'ACQ.TRADE_STATUS_ERROR')
      if (finished.has(trade)) return refuse(method, 'ACQ.ALREADY_FINISH_ALLOC')
      finished.add(trade)
      return answer
    }
    const part = readPart(content.royalty_parameters)
    if (part === null || part.out !== sellerId) return refuse(method, 'ACQ.INVALID_PARAMETER')
    const before = moves.get(keyOf(trade, number))
    if (before !== undefined) {
      const isSame = before.account === part.into && before.yuan === part.yuan
      return isSame ? answer : refuse(method, 'ACQ.DISCORDANT_REPEAT_REQUEST')
    }
    if (!found.isPaid || !found.isFrozen) return refuse(method, 'ACQ.TRADE_STATUS_ERROR')
    if (finished.has(trade)) return refuse(method, 'ACQ.ALREADY_FINISH_ALLOC')
    if (!bound.has(part.into)) return refuse(method, 'ACQ.ROYALTY_RECEIVER_INVALID')
    if (sumOf('transfer', trade, null) + cents(part.yuan) > cents(found.yuan) * 0.3) {
      return refuse(method, 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR')
    }
    moves.set(keyOf(trade, number), {
      number,
      trade,
      kind: 'transfer',
      account: part.into,
      yuan: part.yuan,
      state: 'SUCCESS',
    })
    return answer
  }

  const takeBack = (method: string, content: Content): Told => {
    const number = text(content, 'out_request_no')
    const trade = text(content, 'trade_no')
    const part = readPart(content.refund_royalty_parameters)
    if (!/^\w{1,64}$/.test(number) || find(trade) === undefined || part === null || part.into !== sellerId) {
      return refuse(method, 'ACQ.INVALID_PARAMETER')
    }
    const answer = done(method, { trade_no: trade, fund_change: 'N', refund_fee: '0.00' })
    const before = moves.get(keyOf(trade, number))
    if (before !== undefined) {
      const isSame = before.account === part.out && before.yuan === part.yuan
      return isSame ? answer : refuse(method, 'ACQ.DISCORDANT_REPEAT_REQUEST')
    }
    if (silent.has(part.out)) return refuse(method, 'ACQ.REFUNDALLOC_UNAUTH_LIMIT')
    const left = sumOf('transfer', trade, part.out) - sumOf('transfer_refund', trade, part.out)
    if (cents(part.yuan) > left) return refuse(method, 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR')
    if (cents(part.yuan) > left - (spent.get(part.out) ?? 0)) return refuse(method, 'ACQ.SELLER_BALANCE_NOT_ENOUGH')
    moves.set(keyOf(trade, number), {
      number,
      trade,
      kind: 'transfer_refund',
      account: part.out,
      yuan: part.yuan,
      ...next,
    })
    next = { state: 'SUCCESS' }
    return answer
  }

  const query = (method: string, content: Content): Told => {
    const number = text(content, 'out_request_no')
    const found = moves.get(keyOf(text(content, 'trade_no'), number))
    if (found === undefined) return refuse(method, 'INVALID_PARAMETER')
    const { kind, account, yuan, state, errorCode } = found
    const side = kind === 'transfer' ? 'trans_in' : 'trans_out'
    return done(method, {
      out_request_no: number,
      operation_dt: '2026-03-02 12:00:00',
      royalty_detail_list: [
        {
          operation_type: kind,
          [side]: account,
          [`${side}_type`]: 'userId',
          // A number here, as its pages show it.
          amount: Number(yuan),
          state,
          detail_id: `2026${number.length}0001`,
          ...(errorCode === undefined ? {} : { error_code: errorCode }),
        },
      ],
    })
  }

  const bind = (method: string, content: Content): Told => {
    const list = Array.isArray(content.receiver_list) ? content.receiver_list : []
    const isSound =
      /^\w{1,32}$/.test(text(content, 'out_request_no')) &&
      list.length === 1 &&
      list.every(({ type }) => type === 'userId')
    if (!isSound) return refuse(method, 'INVALID_PARAMETER')
    if (!Object.values(payees).includes(list[0].account)) return refuse(method, 'USER_NOT_EXIST')
    bound.add(list[0].account)
    return done(method, { result_code: 'SUCCESS' })
  }

  return {
    moves,
    bound,
    finished,
    /** Everything of a trade went back to its payer. */
    giveBackAll: (trade: string) => {
      goneBack.add(trade)
    },
    /** What comes of the next return that is accepted. */
    letNextBe: (state: State, errorCode?: string) => {
      next = { state, ...(errorCode === undefined ? {} : { errorCode }) }
    },
    /** A return that was accepted comes to its end. */
    end: (number: string, state: State) => {
      for (const [key, each] of moves) if (each.number === number) moves.set(key, { ...each, state })
    },
    /** A payee has taken money out of its account. */
    spend: (account: string, minor: number) => spent.set(account, minor),
    /** A payee lets nothing be taken back. */
    letNothingBack: (account: string) => silent.add(account),
    /** Answers a request; undefined where it is about something else. */
    answer: (method: string, content: Content): Told | undefined => {
      switch (method) {
        case 'alipay.trade.order.settle':
          return settle(method, content)
        case 'alipay.trade.order.onsettle.query': {
          const trade = text(content, 'trade_no')
          const isOver = finished.has(trade) || goneBack.has(trade)
          return done(method, { unsettled_amount: isOver ? '0.00' : (find(trade)?.yuan ?? '0.00') })
        }
        case 'alipay.trade.order.settle.query':
          return query(method, content)
        case 'alipay.trade.royalty.relation.bind':
          return bind(method, content)
        case 'alipay.trade.refund':
          return 'refund_royalty_parameters' in content && content.refund_amount === '0.00'
            ? takeBack(method, content)
            : undefined
        default:
          return undefined
      }
    },
  }
}
