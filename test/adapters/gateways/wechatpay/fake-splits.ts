import type { Told } from '../loopback.js'

type Body = Readonly<Record<string, unknown>>

type Divided = { readonly total: number; readonly isFrozen: boolean }

type Split = {
  readonly number: string
  readonly transaction: string
  readonly type: string
  readonly account: string
  readonly amount: number
  readonly returned: number
  readonly result: Result
  readonly reason?: string
}
type Result = 'PENDING' | 'SUCCESS' | 'CLOSED'
type Return = { readonly number: string; readonly split: string; readonly amount: number; readonly account: string }

const text = (body: Body, name: string): string => {
  const value = body[name]
  return typeof value === 'string' ? value : ''
}
const isNumber = (value: string): boolean => /^[\w|*@-]{1,64}$/.test(value)

/** Profit sharing of API v3: who got what of which transaction, up to three tenths of it. */
export const createFakeSplits = (world: {
  readonly appId: string
  readonly find: (transaction: string) => Divided | undefined
  readonly say: (status: number, body: object) => Told
}) => {
  const { find, say } = world
  const splits = new Map<string, Split>()
  const returns = new Map<string, Return>()
  const over = new Map<string, string>()
  const goneBack = new Set<string>()
  let next: { readonly result: Result; readonly reason?: string } = { result: 'SUCCESS' }
  const refuse = (status: number, code: string): Told => say(status, { code, message: `refused: ${code}` })

  const tell = ({ number, transaction, type, account, amount, result, reason }: Split) =>
    say(200, {
      transaction_id: transaction,
      out_order_no: number,
      order_id: `3008${number.length}${amount}`,
      state: result === 'PENDING' ? 'PROCESSING' : 'FINISHED',
      receivers: [
        {
          type,
          account,
          amount,
          description: 'part',
          result,
          ...(reason === undefined ? {} : { fail_reason: reason }),
          detail_id: '36011111111111111111111',
        },
      ],
    })
  const tellReturn = ({ number, split, amount, account }: Return) =>
    say(200, {
      order_id: `3008${split.length}${amount}`,
      out_order_no: split,
      out_return_no: number,
      return_id: `3008450${number.length}${amount}`,
      return_mchid: account,
      amount,
      description: 'back',
      result: 'SUCCESS',
    })

  const send = (body: Body): Told => {
    const number = text(body, 'out_order_no')
    const transaction = text(body, 'transaction_id')
    const { receivers } = body
    const [receiver] = Array.isArray(receivers) ? receivers : []
    const { type, account, amount, description } = receiver ?? {}
    const isSound =
      isNumber(number) &&
      text(body, 'appid') === world.appId &&
      ['MERCHANT_ID', 'PERSONAL_OPENID'].includes(type) &&
      typeof account === 'string' &&
      Number.isSafeInteger(amount) &&
      amount > 0 &&
      typeof description === 'string' &&
      [...description].length <= 80 &&
      body.unfreeze_unsplit === false
    if (!isSound) return refuse(400, 'PARAM_ERROR')
    const before = splits.get(number)
    if (before !== undefined) {
      return before.amount === amount && before.account === account ? tell(before) : refuse(403, 'RULE_LIMIT')
    }
    const trade = find(transaction)
    if (trade === undefined || !trade.isFrozen || over.has(transaction)) return refuse(400, 'INVALID_REQUEST')
    const gone = [...splits.values()].reduce(
      (sum, each) => (each.transaction === transaction && each.result !== 'CLOSED' ? sum + each.amount : sum),
      0,
    )
    if (gone + amount > Math.floor((trade.total * 3) / 10)) return refuse(403, 'RULE_LIMIT')
    const made: Split = { number, transaction, type, account, amount, returned: 0, ...next }
    next = { result: 'SUCCESS' }
    splits.set(number, made)
    return tell(made)
  }

  const takeBack = (body: Body): Told => {
    const number = text(body, 'out_return_no')
    const split = splits.get(text(body, 'out_order_no'))
    const { amount } = body
    if (!isNumber(number) || typeof amount !== 'number' || amount <= 0) return refuse(400, 'PARAM_ERROR')
    const before = returns.get(number)
    if (before !== undefined) return before.amount === amount ? tellReturn(before) : refuse(403, 'RULE_LIMIT')
    if (split === undefined || split.type !== 'MERCHANT_ID' || split.account !== text(body, 'return_mchid')) {
      return refuse(400, 'INVALID_REQUEST')
    }
    if (split.result !== 'SUCCESS' || split.returned + amount > split.amount) return refuse(403, 'NOT_ENOUGH')
    splits.set(split.number, { ...split, returned: split.returned + amount })
    const made = { number, split: split.number, amount, account: split.account }
    returns.set(number, made)
    return tellReturn(made)
  }

  const finish = (body: Body): Told => {
    const number = text(body, 'out_order_no')
    const transaction = text(body, 'transaction_id')
    if (!isNumber(number) || find(transaction) === undefined) return refuse(400, 'PARAM_ERROR')
    if (goneBack.has(transaction)) return refuse(400, 'INVALID_REQUEST')
    if (over.has(transaction) && over.get(transaction) !== number) return refuse(400, 'INVALID_REQUEST')
    over.set(transaction, number)
    return say(200, { transaction_id: transaction, out_order_no: number, order_id: '3008', state: 'FINISHED' })
  }

  return {
    splits,
    returns,
    over,
    /** Everything of a transaction went back to its payer. */
    giveBackAll: (transaction: string) => {
      goneBack.add(transaction)
    },
    /** What comes of the next split. */
    letNextBe: (result: Result, reason?: string) => {
      next = { result, ...(reason === undefined ? {} : { reason }) }
    },
    /** A split that was accepted comes to its end. */
    end: (number: string, result: Result, reason?: string) => {
      const found = splits.get(number)
      if (found !== undefined) splits.set(number, { ...found, result, ...(reason === undefined ? {} : { reason }) })
    },
    /** Answers a request; undefined where it is about something else. */
    answer: (method: string, url: URL, body: Body): Told | undefined => {
      const { pathname, searchParams } = url
      if (method === 'POST' && pathname === '/v3/profitsharing/orders') return send(body)
      if (method === 'POST' && pathname === '/v3/profitsharing/orders/unfreeze') return finish(body)
      if (method === 'POST' && pathname === '/v3/profitsharing/return-orders') return takeBack(body)
      const [, whole] = /^\/v3\/profitsharing\/transactions\/([^/]+)\/amounts$/.exec(pathname) ?? []
      if (method === 'GET' && whole !== undefined) {
        const left = over.has(whole) || goneBack.has(whole) ? 0 : (find(whole)?.total ?? 0)
        return say(200, { transaction_id: whole, unsplit_amount: left })
      }
      const [, split] = /^\/v3\/profitsharing\/orders\/([^/]+)$/.exec(pathname) ?? []
      if (method === 'GET' && split !== undefined) {
        const found = splits.get(split)
        const isMeant = found?.transaction === searchParams.get('transaction_id')
        return found === undefined || !isMeant ? refuse(404, 'RESOURCE_NOT_EXISTS') : tell(found)
      }
      const [, back] = /^\/v3\/profitsharing\/return-orders\/([^/]+)$/.exec(pathname) ?? []
      if (method === 'GET' && back !== undefined) {
        const found = returns.get(back)
        const isMeant = found?.split === searchParams.get('out_order_no')
        return found === undefined || !isMeant ? refuse(404, 'RESOURCE_NOT_EXISTS') : tellReturn(found)
      }
      return undefined
    },
  }
}
