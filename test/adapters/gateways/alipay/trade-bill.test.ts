import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type AlipayOptions, createAlipayBills, readTradeBill } from '../../../../adapters/gateways/alipay/index.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser } from '../loopback.js'
import { makeZip } from '../make-zip.js'
import { optionsFor, t0 } from './alipay-world.js'
import { keysOfRun, merchant, startFakeAlipay } from './fake-server.js'
import { packBill, toGbk, writeBill } from './write-bill.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const day = '2026-03-02'
const asked = { sellerId: merchant.sellerId, day }
// 05:46 of the next day in Shanghai.
const nextMorning = Date.parse('2026-03-02T21:46:49Z')

const file = writeBill([
  { trade: 'pay_1', cents: 8888, receivedCents: 8000, fee: '-0.53' },
  { trade: 'late__3Apay_2', cents: 1000, fee: '0.00' },
  { trade: 'pay_1', number: 'ref_1__7E2', cents: -2000, fee: '0.12', at: '2026-03-02 23:59:59' },
])

describe('a trade bill of Alipay', () => {
  it('has payments and refunds by our references, with fees that are above zero where they cost', () => {
    expect(must(readTradeBill(file, asked))).toEqual([
      {
        kind: 'payment',
        reference: 'pay_1',
        attemptRef: 'pay_1',
        gatewayRef: '2026522001',
        status: 'succeeded',
        currency: 'CNY',
        // A discount of Alipay's own lowers what the shop gets and not what was paid.
        amountMinor: 8888,
        fee: { value: 53_000, scale: 5 },
        at: Date.parse('2026-03-02T02:00:01Z'),
      },
      expect.objectContaining({ reference: 'late:pay_2', amountMinor: 1000, fee: { value: 0, scale: 5 } }),
      expect.objectContaining({
        kind: 'refund',
        reference: 'ref_1~2',
        attemptRef: 'pay_1',
        amountMinor: 2000,
        fee: { value: -12_000, scale: 5 },
        at: Date.parse('2026-03-02T15:59:59Z'),
      }),
    ])
  })

  it('is read whatever its payers read, commas too', () => {
    const read = must(readTradeBill(file.replace('蓝色马克杯', '蓝色,马克杯, 2 只'), asked))
    expect(read).toEqual(must(readTradeBill(file, asked)))
  })

  it('of a day without refunds, or without anything, is whole', () => {
    const paid = writeBill([{ trade: 'pay_1', cents: 1 }])
    expect(must(readTradeBill(paid.replace(/#退款合计.*\n/, ''), asked))).toHaveLength(1)
    expect(must(readTradeBill(writeBill([]), asked))).toEqual([])
    expect(must(readTradeBill(file.replaceAll('\n', '\r\n'), asked))).toHaveLength(3)
  })

  it.each([
    ['it is cut off', file.slice(0, file.indexOf('业务明细列表结束') - 20), 'total'],
    ['it ends with its list', file.slice(0, file.indexOf('#交易合计')), 'total'],
    ['a row is gone', file.replace(/\n2026\d+\t,late.*/, ''), 'total'],
    ['a row is there twice', file.replace(/(\n2026\d+\t,late.*)/, '$1$1'), 'total'],
    ['an amount is another', file.replace(',10.00,10.00,', ',10.00,10.01,'), 'total'],
    ['an amount is none', file.replace(',10.00,10.00,', ',1O.00,10.00,'), 'row'],
    ['an amount is finer than a cent', file.replace(',10.00,10.00,', ',10.001,10.00,'), 'row'],
    ['a kind is new', file.replace('退款\t', '充值\t'), 'row'],
    ['a kind is a word of the language', file.replace('退款\t', 'constructor\t'), 'row'],
    ['a moment is none', file.replace('23:59:59', '24:59:59'), 'row'],
    ['a comma is too many', file.replace('0.00,,0.00\t', '0.00,满减,券,0.00\t'), 'row'],
    ['a comma is missing', file.replace('0.00,,0.00\t', '0.00,0.00\t'), 'row'],
    ['a column is missing', file.replace('服务费（元）', '费'), 'heading'],
    ['it is of something else', file.replace('业务明细查询', '账务明细查询'), 'heading'],
    ['it is empty', '', 'heading'],
    ['it is of another merchant', writeBill([], '20880000000000020156'), 'otherBill'],
    ['it is of a merchant whose number begins alike', writeBill([], `${merchant.sellerId}01560`), 'otherBill'],
    ['it is of another day', file.replace('[2026年03月02日', '[2026年03月01日'), 'otherBill'],
    ['it is of several days', file.replace('[2026年03月03日', '[2026年03月04日'), 'otherBill'],
  ])('is not believed where %s', (_, text, reason) => {
    expect(readTradeBill(text, asked)._unsafeUnwrapErr()).toMatchObject({ type: 'GatewayBillUnreadable', reason })
  })

  it.each(['', '2026-3-2', '2026-02-30', 'yesterday'])('is of no day that is called %o', (other) => {
    const refused = readTradeBill(file, { ...asked, day: other })._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'GatewayBillUnreadable', reason: 'otherBill', line: null })
  })

  it('has amounts that add up to its sums, whatever they are', () => {
    const cents = fc.integer({ min: -99_999_999, max: 99_999_999 }).filter((each) => each !== 0)
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 20 }), (all) => {
        const lines = all.map((each, place) => ({ trade: `pay_${place}`, number: `ref_${place}`, cents: each }))
        const rows = must(readTradeBill(writeBill(lines), asked))
        expect(rows.map(({ kind, amountMinor }) => (kind === 'refund' ? -amountMinor : amountMinor))).toEqual(all)
      }),
    )
  })
})

describe('fetching a trade bill', () => {
  const open = async (more: Partial<AlipayOptions> = {}) => {
    const server = keep(await startFakeAlipay(() => t0))
    const bills = must(createAlipayBills(optionsFor(server.baseUrl, more)))
    const fetch = (at = nextMorning) => bills.fetchTradeBill({ day, at })
    return { server, fetch, bills }
  }
  const refusal = async (fetched: ReturnType<Awaited<ReturnType<typeof open>>['fetch']>) =>
    (await fetched)._unsafeUnwrapErr()

  it('asks where it lies, and reads the list of trades in it', async () => {
    const { server, fetch } = await open()
    server.layBill(day, packBill(file))
    expect(must(await fetch()).map(({ reference }) => reference)).toEqual(['pay_1', 'late:pay_2', 'ref_1~2'])
    expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /gateway.do?charset=utf-8',
      `GET /downloadBillFile.resource?fileId=${day}`,
    ])
  })

  it.each([
    ['is cut off', (archive: Uint8Array) => archive.subarray(0, -1), 'digest'],
    ['is a page', () => toGbk('<html>'), 'digest'],
    ['holds other files', () => makeZip([{ name: 'a', bytes: toGbk('a') }]), 'heading'],
    ['holds two bills', () => makeZip([1, 2].map((each) => ({ name: `${each}`, bytes: toGbk(file) }))), 'heading'],
    [
      'is not written as Alipay writes',
      () => makeZip([{ name: 'a', bytes: Uint8Array.from([0x81, 0xff]) }]),
      'encoding',
    ],
    [
      'has a byte changed',
      (archive: Uint8Array) => archive.map((byte, at) => (at === 180 ? byte ^ 1 : byte)),
      'digest',
    ],
  ] as const)('believes no file that %s', async (_, change, reason) => {
    const { server, fetch } = await open()
    server.layBill(day, change(packBill(file)))
    expect(await refusal(fetch())).toEqual({ type: 'GatewayBillUnreadable', reason, line: null })
  })

  it('says that there is none yet, or that nothing was traded', async () => {
    const { server, fetch, bills } = await open()
    expect(await refusal(fetch(Date.parse('2026-03-02T15:59:59Z')))).toMatchObject({ reason: 'notReady' })
    expect(server.received).toEqual([])
    expect(await refusal(fetch())).toMatchObject({ reason: 'notReady' })
    expect(await refusal(fetch(Date.parse('2026-03-03T04:00:00Z')))).toMatchObject({ reason: 'noTrades' })
    const none = await refusal(bills.fetchTradeBill({ day: '2026-02-30', at: nextMorning }))
    expect(none).toEqual({ type: 'GatewayBillUnavailable', reason: 'refused', gatewayCode: 'day' })
  })

  it('makes nothing up where Alipay, or where the file lies, is out of order', async () => {
    const { server, fetch } = await open()
    server.layBill(day, packBill(file))
    const pass = { kind: 'alter', alter: <Told>(told: Told) => told } as const
    server.fail(pass, { kind: 'say', told: { status: 503, body: keysOfRun.app.privateKey } })
    expect(await refusal(fetch())).toEqual({ type: 'GatewayBillUnavailable', reason: 'unknown', cause: 'serverError' })
    server.fail(pass, { kind: 'cutAfter' })
    expect(await refusal(fetch())).toMatchObject({ reason: 'unknown', cause: 'reset' })
    server.fail({ kind: 'say', told: { status: 200, body: '{"sign":"x"}' } })
    expect(await refusal(fetch())).toMatchObject({ reason: 'unknown' })
  })

  it('goes to a file in the open by https, and only there', async () => {
    const gone: string[] = []
    const { server, fetch } = await open({
      fetch: (url, init) => {
        gone.push(url)
        return url.includes('/gateway.do') ? globalThis.fetch(url, init) : Promise.reject(new Error('no way there'))
      },
    })
    server.layBill(day, packBill(file), 'http://dwbillcenter.alipay.com')
    expect(await refusal(fetch())).toMatchObject({ reason: 'unknown', cause: 'reset' })
    expect(gone[1]).toBe(`https://dwbillcenter.alipay.com/downloadBillFile.resource?fileId=${day}`)
  })
})
