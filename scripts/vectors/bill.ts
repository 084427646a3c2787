import { readTradeBill } from '../../adapters/gateways/wechatpay/trade-bill.js'
import { type Check, compare, readShared } from './check.js'

/** The published trade bill of WeChat Pay: whole, short of a row, with one row twice, and with a cent more. */
export const checkBill = (folder: string): readonly Check[] => {
  const file = readShared(folder, 'wechat-bill.ALL.csv')
  const lines = file.split('\r\n')
  const rows = readTradeBill(file)
  const counted = rows.map((read) => ({
    rows: read.length,
    payments: read.filter(({ kind }) => kind === 'payment').length,
    refunds: read.filter(({ kind }) => kind === 'refund').length,
    paidMinor: read.reduce((sum, row) => (row.kind === 'payment' ? sum + row.amountMinor : sum), 0),
    refundedMinor: read.reduce((sum, row) => (row.kind === 'refund' ? sum + row.amountMinor : sum), 0),
    feeFine: read.reduce((sum, row) => sum + (row.fee?.value ?? 0), 0),
  }))
  const expected = { rows: 45, payments: 31, refunds: 14, paidMinor: 47, refundedMinor: 14, feeFine: 8000 }
  const refused = (name: string, text: string) =>
    compare(
      `bill ${name}`,
      readTradeBill(text).match(
        () => null,
        ({ reason }) => reason,
      ),
      'total',
    )
  const [payment = ''] = lines.filter((line) => line.includes('`NATIVE,`SUCCESS'))
  return [
    compare('bill as it was published', counted.unwrapOr(null), expected),
    refused('short of a row', lines.filter((_, index) => index !== 3).join('\r\n')),
    refused('with a row twice', [...lines.slice(0, 3), ...lines.slice(2)].join('\r\n')),
    refused('with a cent more', file.replace(payment, payment.replaceAll('`0.03', '`0.04'))),
  ]
}
