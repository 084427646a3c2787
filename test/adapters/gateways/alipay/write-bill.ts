import { makeZip } from '../make-zip.js'
import { merchant } from './fake-server.js'

const header =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'

/** A line of a bill: amounts in cents, what goes back below zero. */
export type BillLine = {
  readonly kind?: string
  readonly trade: string
  readonly number?: string
  readonly cents: number
  /** What the merchant gets of it; all unless told. */
  readonly receivedCents?: number
  readonly fee?: string
  readonly at?: string
}

const yuan = (cents: number) => (cents / 100).toFixed(2)
const sumOf = (lines: readonly BillLine[]) =>
  yuan(lines.reduce((sum, { cents, receivedCents = cents }) => sum + receivedCents, 0))

const write = ({ kind, trade, number = '', cents, receivedCents = cents, fee = '0.00', at }: BillLine): string =>
  [
    `2026${trade.length}22001\t`,
    `${trade}\t`,
    `${kind ?? (cents < 0 ? '退款' : '交易')}\t`,
    '蓝色马克杯',
    '2026-03-02 10:00:00',
    at ?? '2026-03-02 10:00:01',
    ...[
      '\t',
      '\t',
      '\t',
      '\t',
      '*津水(602***@qq.com)',
      yuan(cents),
      yuan(receivedCents),
      '0.00',
      '0.00',
      '0.00',
      '0.00',
    ],
    ...['0.00', '', '0.00\t', '0.00', number === '' ? '\t' : number, fee, '0.00', ''],
  ].join(',')

/** A trade bill as Alipay writes it. */
export const writeBill = (lines: readonly BillLine[], account = `${merchant.sellerId}0156`): string => {
  const [paid, back] = [lines.filter(({ cents }) => cents > 0), lines.filter(({ cents }) => cents < 0)]
  return [
    '#支付宝业务明细查询',
    `#账号：[${account}]`,
    '#起始日期：[2026年03月02日 00:00:00]   终止日期：[2026年03月03日 00:00:00]',
    '#-----------------------------------------业务明细列表----------------------------------------',
    header,
    ...lines.map(write),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${paid.length}笔，商家实收共${sumOf(paid)}元，商家优惠共0.00元`,
    `#退款合计：${back.length}笔，商家实收退款共${sumOf(back)}元，商家优惠退款共0.00元`,
    '#导出时间：[2026年03月03日 05:46:49]',
    '',
  ].join('\n')
}

// Every character of two bytes, by what it is read as.
const gbk = new Map<string, readonly number[]>()
const reader = new TextDecoder('gbk')
for (let high = 0x81; high <= 0xfe; high += 1) {
  for (let low = 0x40; low <= 0xfe; low += 1) gbk.set(reader.decode(Uint8Array.from([high, low])), [high, low])
}

/** Text as GBK. */
export const toGbk = (text: string): Uint8Array =>
  Uint8Array.from([...text].flatMap((letter) => (letter < '\u0080' ? [letter.charCodeAt(0)] : (gbk.get(letter) ?? []))))

/** A bill as it is downloaded: with one of sums beside it. */
export const packBill = (text: string): Uint8Array =>
  makeZip([
    { name: '2088_20260302_DETAILS(SUM).csv', bytes: toGbk('#支付宝业务汇总查询\n') },
    { name: '2088_20260302_DETAILS.csv', bytes: toGbk(text) },
  ])
