import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createWechatPayBills, readTradeBill } from '../../../../adapters/gateways/wechatpay/index.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser, startLoopback } from '../loopback.js'
import { startFakeWechatPay } from './fake-server.js'
import { apiV3Key, optionsFor, t0 } from './wechatpay-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const heading =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const totals = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'
const ticked = (values: readonly string[]) => values.map((value) => `\`${value}`).join(',')

const payment = (reference: string, yuan: string, fee: string) =>
  ticked(
    [
      '2026-03-02 10:00:01',
      'wx1',
      '1900000109',
      '0',
      '',
      'wx-id-1',
      reference,
      'openid',
      'NATIVE',
      'SUCCESS',
      'OTHERS',
    ].concat([
      'CNY',
      yuan,
      '0.00',
      '0',
      '0',
      '0.00',
      '0.00',
      '',
      '',
      'A mug, blue',
      '',
      fee,
      '0.60%',
      yuan,
      '0.00',
      '',
    ]),
  )
const refund = (reference: string, of: string, yuan: string, state = 'SUCCESS') =>
  ticked(
    ['2026-03-02 11:00:00', 'wx1', '1900000109', '0', '', 'wx-id-1', of, 'openid', 'NATIVE', 'REFUND', 'OTHERS'].concat(
      [
        'CNY',
        '0.00',
        '0.00',
        'wx-refund-1',
        reference,
        yuan,
        '0.00',
        'ORIGINAL',
        state,
        'A mug',
        '',
        '-0.00010',
        '0.60%',
        '0.00',
        yuan,
        '',
      ],
    ),
  )
const bill = (rows: readonly string[], sums: readonly string[]) =>
  `\uFEFF${[heading, ...rows, totals, ticked(sums)].join('\r\n')}\r\n`
const file = bill(
  [payment('pay_1', '12.34', '0.07404'), refund('ref_1', 'pay_1', '2.34'), refund('ref_2', 'pay_1', '1.00', 'CHANGE')],
  ['3.0', '12.34', '3.34', '0.0', '0.07', '12.34', '3.34'],
)

describe('a trade bill', () => {
  it('is read by the names of its columns', () => {
    const at = Date.UTC(2026, 2, 2, 2, 0, 1)
    const read = must(readTradeBill(file))
    expect(read).toEqual([
      {
        kind: 'payment',
        reference: 'pay_1',
        attemptRef: 'pay_1',
        gatewayRef: 'wx-id-1',
        status: 'succeeded',
        currency: 'CNY',
        amountMinor: 1234,
        fee: { value: 7404, scale: 5 },
        at,
      },
      {
        kind: 'refund',
        reference: 'ref_1',
        attemptRef: 'pay_1',
        gatewayRef: 'wx-refund-1',
        status: 'succeeded',
        currency: 'CNY',
        amountMinor: 234,
        fee: { value: -10, scale: 5 },
        at: Date.UTC(2026, 2, 2, 3),
      },
      {
        kind: 'refund',
        reference: 'ref_2',
        attemptRef: 'pay_1',
        gatewayRef: 'wx-refund-1',
        status: 'failed',
        currency: 'CNY',
        amountMinor: 100,
        fee: { value: -10, scale: 5 },
        at: Date.UTC(2026, 2, 2, 3),
      },
    ])
  })

  it.each([
    ['a row is missing', file.replace(/`2026-03-02 11.*?\r\n/, ''), 'total'],
    ['a row stands twice', file.replace(/(`2026-03-02 11.*?\r\n)/, '$1$1'), 'total'],
    ['an amount is another', file.replaceAll('`12.34,`0.00,`0', '`12.35,`0.00,`0'), 'total'],
    ['the fees are others', file.replace('`0.07404', '`0.08404'), 'total'],
    ['a column is missing', file.replace('手续费,费率,', '费率,'), 'heading'],
    ['the totals are missing', file.split('\r\n').slice(0, -3).join('\r\n'), 'total'],
    ['a row is short', file.replace('`NATIVE,', ''), 'row'],
    ['a state is new', file.replace('`SUCCESS,`OTHERS', '`MAYBE,`OTHERS'), 'row'],
    ['a moment is none', file.replace('10:00:01', '25:00:01'), 'row'],
    ['an amount is finer than a cent', file.replaceAll('12.34', '12.345'), 'row'],
    ['it is empty', '', 'heading'],
  ])('is not believed where %s', (_, text, reason) => {
    expect(readTradeBill(text)._unsafeUnwrapErr()).toMatchObject({ type: 'GatewayBillUnreadable', reason })
  })

  it('has amounts that add up to its totals, whatever they are', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 99_999_999 }), { maxLength: 20 })
    const yuan = (minor: number) => (minor / 100).toFixed(2)
    fc.assert(
      fc.property(amounts, fc.boolean(), (minors, off) => {
        const sum = yuan(minors.reduce((total, minor) => total + minor, off ? 1 : 0))
        const rows = minors.map((minor, place) => payment(`pay_${place}`, yuan(minor), '0.00000'))
        const read = readTradeBill(bill(rows, [`${rows.length}.0`, sum, '0.0', '0.0', '0.0', sum, '0.0']))
        expect(read.map((found) => found.map(({ amountMinor }) => amountMinor)).unwrapOr(null)).toEqual(
          off ? null : minors,
        )
      }),
    )
  })
})

describe('fetching a trade bill', () => {
  const open = async (given: { readonly digest?: string; readonly elsewhere?: string } = {}) => {
    const server = keep(await startFakeWechatPay(() => t0, apiV3Key))
    const body = JSON.stringify({
      hash_type: 'SHA1',
      hash_value: given.digest ?? createHash('sha1').update(file).digest('hex'),
      download_url: `${given.elsewhere ?? server.baseUrl}/v3/billdownload/file?token=abc`,
    })
    const bills = must(createWechatPayBills(optionsFor(server.baseUrl)))
    server.fail(
      { kind: 'say', told: { status: 200, headers: server.signed(body), body } },
      { kind: 'say', told: { status: 200, body: file } },
    )
    return { server, fetch: () => bills.fetchTradeBill({ day: '2026-03-02', at: t0 }) }
  }

  it('asks where it lies, and reads it once its digest holds', async () => {
    const { server, fetch } = await open()
    expect(must(await fetch())).toHaveLength(3)
    expect(server.received.map(({ path }) => path)).toEqual([
      '/v3/bill/tradebill?bill_date=2026-03-02&bill_type=ALL',
      '/v3/billdownload/file?token=abc',
    ])
    expect(server.received[1]?.headers.authorization).toContain('WECHATPAY2-SHA256-RSA2048')
  })

  it('believes no file of another digest', async () => {
    const { fetch } = await open({ digest: '0'.repeat(40) })
    expect((await fetch())._unsafeUnwrapErr()).toEqual({
      type: 'GatewayBillUnreadable',
      reason: 'digest',
      line: null,
    })
  })

  it('takes its signature to no other host', async () => {
    const other = keep(await startLoopback(() => ({ status: 200, body: file })))
    const { fetch } = await open({ elsewhere: other.baseUrl })
    expect((await fetch())._unsafeUnwrapErr()).toMatchObject({ reason: 'unknown', cause: 'unparsable' })
    expect(other.received).toEqual([])
  })

  it.each([
    ['NO_STATEMENT_EXIST', { reason: 'noTrades' }],
    ['STATEMENT_CREATING', { reason: 'notReady' }],
    ['NO_AUTH', { reason: 'refused', gatewayCode: 'NO_AUTH' }],
  ])('says what %s means', async (code, found) => {
    const server = keep(await startFakeWechatPay(() => t0, apiV3Key))
    const body = JSON.stringify({ code, message: '' })
    server.fail({ kind: 'say', told: { status: 400, headers: server.signed(body), body } })
    const bills = must(createWechatPayBills(optionsFor(server.baseUrl)))
    const refused = (await bills.fetchTradeBill({ day: '2026-03-02', at: t0 }))._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'GatewayBillUnavailable', ...found })
  })
})
