import { afterEach, describe, expect, it } from 'vitest'
import { createCloser, json } from '../loopback.js'
import { merchant } from './fake-server.js'
import { openWechatPay, t0 } from './wechatpay-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const open = async () => {
  const world = keep(await openWechatPay())
  const { gateway, server } = world
  await gateway.create({
    attemptRef: 'pay_0001',
    orderRef: 'order_1',
    orderNumber: '261124-0482-1367-7',
    key: 'create:pay_0001',
    amount: { minor: 10_000, currency: 'CNY' },
    method: 'wechatPay',
    instrumentToken: null,
    capture: 'automatic',
    expiresAt: t0 + 1_800_000,
    returnUrl: null,
    at: t0,
  })
  server.takeNotices()
  const { read, list, query } = gateway.disputes ?? {}
  if (read === undefined || list === undefined || query === undefined) throw new Error('no complaints')
  const heard = async () => {
    const [notice] = server.takeNotices()
    const { type = '', kind = '', facts = {} } = notice ?? {}
    return gateway.verifyNotification({ ...server.notify(type, kind, facts), receivedAt: t0 })
  }
  return { ...world, read, list, query, heard }
}

describe('a complaint at WeChat Pay', () => {
  it('wants what its payer asks for back, or else the whole, and an answer within a day', async () => {
    const { server, heard } = await open()
    server.complaints.complain('pay_0001', 'Broken.', 2_500)
    const { facts } = (await heard())._unsafeUnwrap()
    expect(facts).toMatchObject([
      {
        kind: 'dispute',
        attemptRef: 'pay_0001',
        amount: { minor: 2_500, currency: 'CNY' },
        evidenceDueAt: t0 + 86_400_000,
      },
    ])
    server.complaints.complain('pay_0001', 'Broken again.')
    expect((await heard())._unsafeUnwrap().facts).toMatchObject([{ amount: { minor: 10_000 } }])
  })

  it('is asked for again where it cannot be asked about now, and none where it is another merchant’s', async () => {
    const { server, heard } = await open()
    server.complaints.complain('pay_0001', 'Broken.')
    server.fail({ kind: 'cutBefore' })
    expect((await heard())._unsafeUnwrapErr()).toMatchObject({ reason: 'unverifiable' })
    server.complaints.complain('pay_0001', 'Broken.')
    const theirs = (body: object) => json(200, body, server.signed(JSON.stringify(body)))
    server.fail(
      { kind: 'say', told: theirs({ data: [], total_count: 0 }) },
      {
        kind: 'alter',
        alter: ({ body }) => theirs({ ...JSON.parse(String(body)), complainted_mchid: `${merchant.mchId}1` }),
      },
    )
    expect((await heard())._unsafeUnwrap().facts).toEqual([])
  })

  it('without the right to read complaints is refused for certain, and the name of the right is told', async () => {
    const { server, list } = await open()
    const body = { code: 'NO_AUTH', message: 'no' }
    server.fail({ kind: 'say', told: json(403, body, server.signed(JSON.stringify(body))) })
    const outcome = (await list({ since: t0 - 1, at: t0 }))._unsafeUnwrap()
    expect(outcome).toEqual({ kind: 'declined', error: { code: 'MerchantConfig', gatewayCode: 'NO_AUTH' } })
  })

  it('shows no number that was not sealed for the merchant', async () => {
    const { server, read } = await open()
    const disputeRef = server.complaints.complain('pay_0001', 'Broken.')
    const sealed = (body: object) => json(200, body, server.signed(JSON.stringify(body)))
    server.fail(
      { kind: 'say', told: sealed({ data: [], total_count: 0 }) },
      { kind: 'alter', alter: ({ body }) => sealed({ ...JSON.parse(String(body)), payer_phone: 'MTM5MDAwMDAwMDA=' }) },
    )
    const found = (await read({ disputeRef, attemptRef: 'pay_0001', at: t0 }))._unsafeUnwrap()
    expect(found).toMatchObject({ value: { phone: null, statements: [{ by: 'payer', text: 'Broken.' }] } })
  })

  it('is found on whichever page of the list it stands', async () => {
    const { server, list } = await open()
    for (let each = 0; each < 51; each += 1) server.complaints.complain('pay_0001', 'Broken.')
    const outcome = (await list({ since: t0 - 86_400_000, at: t0 }))._unsafeUnwrap()
    expect(outcome.kind === 'ok' ? new Set(outcome.value.map(({ disputeRef }) => disputeRef)).size : outcome).toBe(51)
  })
})
