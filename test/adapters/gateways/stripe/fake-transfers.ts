import { json, type Told } from '../loopback.js'

type Transfer = {
  readonly id: string
  readonly charge: string
  readonly group: string
  readonly destination: string
  readonly amount: number
  readonly currency: string
  readonly metadata: Readonly<Record<string, string>>
}
type Reversal = {
  readonly id: string
  readonly transfer: string
  readonly amount: number
  readonly metadata: Readonly<Record<string, string>>
}

type Charge = { readonly group: string | null; readonly received: number; readonly currency: string }

/** Payees' accounts that are connected to the shop's. */
export const connected = { potter: 'acct_1PotterAAAAAAAAA', weaver: 'acct_1WeaverBBBBBBBBB' }

/** Transfers out of charges and their reversals, as Stripe's Connect keeps them. */
export const createFakeTransfers = (world: {
  readonly find: (charge: string) => Charge | undefined
  readonly idOf: (prefix: string, text: string) => string
  readonly namesIn: (form: URLSearchParams) => Readonly<Record<string, string>>
  readonly refuse: (status: number, facts: object) => Told
}) => {
  const { find, idOf, namesIn, refuse } = world
  const transfers = new Map<string, Transfer>()
  const reversals = new Map<string, Reversal>()
  const spent = new Map<string, number>()
  let pageSize = 100

  const missing = refuse(404, { type: 'invalid_request_error', code: 'resource_missing' })
  const backOf = (id: string) =>
    [...reversals.values()].filter((each) => each.transfer === id).reduce((sum, { amount }) => sum + amount, 0)
  const heldBy = (destination: string) =>
    [...transfers.values()]
      .filter((each) => each.destination === destination)
      .reduce((sum, { id, amount }) => sum + amount - backOf(id), 0) - (spent.get(destination) ?? 0)

  const tell = (made: Transfer) => ({
    id: made.id,
    object: 'transfer',
    amount: made.amount,
    amount_reversed: backOf(made.id),
    currency: made.currency,
    destination: made.destination,
    source_transaction: made.charge,
    transfer_group: made.group,
    metadata: made.metadata,
  })
  const tellReversal = ({ id, transfer, amount, metadata }: Reversal) => ({
    id,
    object: 'transfer_reversal',
    amount,
    transfer,
    metadata,
  })

  const send = (form: URLSearchParams): Told => {
    const amount = Number(form.get('amount'))
    const charge = form.get('source_transaction') ?? ''
    const destination = form.get('destination') ?? ''
    const group = form.get('transfer_group') ?? ''
    const found = find(charge)
    if (found === undefined || !Object.values(connected).includes(destination)) {
      return refuse(400, { type: 'invalid_request_error', code: 'resource_missing', param: 'destination' })
    }
    if (found.group !== group) return refuse(400, { type: 'invalid_request_error', param: 'transfer_group' })
    if (found.currency !== form.get('currency'))
      return refuse(400, { type: 'invalid_request_error', param: 'currency' })
    const gone = [...transfers.values()].reduce((sum, each) => (each.charge === charge ? sum + each.amount : sum), 0)
    if (!(amount > 0) || gone + amount > found.received) {
      return refuse(400, { type: 'invalid_request_error', param: 'amount' })
    }
    const id = idOf('tr', `${charge} ${transfers.size}`)
    const made: Transfer = { id, charge, group, destination, amount, currency: found.currency, metadata: namesIn(form) }
    transfers.set(id, made)
    return json(200, tell(made))
  }

  const reverse = (transfer: Transfer, form: URLSearchParams): Told => {
    const amount = Number(form.get('amount'))
    if (!(amount > 0) || backOf(transfer.id) + amount > transfer.amount) {
      return refuse(400, { type: 'invalid_request_error', param: 'amount' })
    }
    if (heldBy(transfer.destination) < amount) {
      return refuse(400, { type: 'invalid_request_error', code: 'balance_insufficient' })
    }
    const id = idOf('trr', `${transfer.id} ${reversals.size}`)
    const made = { id, transfer: transfer.id, amount, metadata: namesIn(form) }
    reversals.set(id, made)
    return json(200, tellReversal(made))
  }

  const list = (all: readonly { readonly id: string }[], url: URL): Told => {
    const after = all.findIndex(({ id }) => id === url.searchParams.get('starting_after'))
    const size = Math.min(pageSize, Number(url.searchParams.get('limit') ?? 10))
    const data = all.slice(after + 1, after + 1 + size)
    return json(200, { object: 'list', has_more: after + 1 + size < all.length, data })
  }

  return {
    transfers,
    reversals,
    /** A page of a list. */
    list,
    /** A payee has taken money out of its account. */
    spend: (destination: string, amount: number) => spent.set(destination, (spent.get(destination) ?? 0) + amount),
    /** Lists hold no more than so many to a page. */
    letPagesHold: (most: number) => {
      pageSize = most
    },
    answer: (method: string, url: URL, form: URLSearchParams): Told => {
      const [, , , id = '', verb = ''] = url.pathname.split('/')
      if (id === '' && method === 'POST') return send(form)
      if (id === '') {
        const group = url.searchParams.get('transfer_group')
        return list(
          [...transfers.values()]
            .filter((each) => each.group === group)
            .map(tell)
            .reverse(),
          url,
        )
      }
      const found = transfers.get(id)
      if (found === undefined || verb !== 'reversals') return missing
      if (method === 'POST') return reverse(found, form)
      return list([...reversals.values()].filter((each) => each.transfer === id).map(tellReversal), url)
    },
  }
}
