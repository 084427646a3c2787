import {
  accountBalance,
  type LedgerAccount,
  type LedgerEntry,
  type LedgerPage,
  type ListLedgerInput,
  type Message,
  trialBalance,
} from 'shopwright'
import { right } from '../columns.js'
import { clerk, type Story } from '../story.js'
import { verdict } from './verdict.js'

/** The money, booked on two sides: a trial balance, held against the gateway's own books. */
export const printMoneyLedger = async (story: Story): Promise<boolean> => {
  const { must, say, money, gateway, currency, locale } = story
  const entries = await readEntries(story)
  const { rows, totals, balances } = must('trialBalance', trialBalance(entries))
  story.chapter('The books: money', '账本：资金')
  const total = totals.find((each) => each.currency === currency)
  const amounts = (debitMinor: number, creditMinor: number) => [
    right(money(debitMinor)),
    right(money(creditMinor)),
    right(money(debitMinor - creditMinor)),
  ]
  story.table(
    [
      [
        say('account', '科目'),
        right(say('debit', '借方')),
        right(say('credit', '贷方')),
        right(say('balance', '余额')),
      ],
      ...rows.map(({ account, debitMinor, creditMinor }) => [
        accountName(account)[locale],
        ...amounts(debitMinor, creditMinor),
      ]),
      [say('total', '合计'), ...amounts(total?.debitMinor ?? 0, total?.creditMinor ?? 0)],
    ],
    { head: true, total: true },
  )
  const atGateway = gateway.books().totals.find((each) => each.currency === currency)?.netMinor ?? 0
  const booked = accountBalance(rows, `gatewayClearing:${gateway.gatewayId}`, currency)
  story.note(
    `${entries.length} entries; the gateway’s own books say ${money(atGateway)}`,
    `共 ${entries.length} 笔；支付渠道自己的账面为 ${money(atGateway)}`,
  )
  return verdict(story, entries.length > 0 && balances && atGateway === booked)
}

const readEntries = async ({ shop, must, by }: Story): Promise<readonly LedgerEntry[]> => {
  const entries: LedgerEntry[] = []
  for (let after: LedgerPage['next'] = null; ; ) {
    const asked: ListLedgerInput = { limit: 500, ...(after === null ? {} : { after }) }
    const page: LedgerPage = must('ledger', await shop.payments.ledger(by(clerk), asked))
    entries.push(...page.entries)
    if (page.next === null) return entries
    after = page.next
  }
}

type AccountKind = LedgerAccount extends infer Account
  ? Account extends `${infer Kind}:${string}`
    ? Kind
    : Account & string
  : never

const accountNames: Readonly<Record<AccountKind, Message>> = {
  gatewayClearing: { en: 'with the gateway', 'zh-CN': '支付渠道待结算' },
  bank: { en: 'bank', 'zh-CN': '银行存款' },
  disputeHold: { en: 'held in disputes', 'zh-CN': '争议冻结' },
  receivable: { en: 'owed by a seller', 'zh-CN': '应收商家' },
  escrow: { en: 'held for the order', 'zh-CN': '订单担保资金' },
  refundInTransit: { en: 'on its way back to buyers', 'zh-CN': '退款在途' },
  payable: { en: 'owed to a seller', 'zh-CN': '应付商家' },
  suspense: { en: 'not matched', 'zh-CN': '待核实款项' },
  pointsLiability: { en: 'worth of members’ points', 'zh-CN': '会员积分负债' },
  commission: { en: 'commission', 'zh-CN': '佣金收入' },
  fee: { en: 'gateway fees', 'zh-CN': '渠道手续费' },
  chargebackLoss: { en: 'lost disputes', 'zh-CN': '拒付损失' },
  pointsExpense: { en: 'points given', 'zh-CN': '积分费用' },
  promotionExpense: { en: 'discounts borne by the platform', 'zh-CN': '平台优惠补贴' },
}

const accountName = (account: LedgerAccount): Message => {
  const kind = account.split(':')[0] ?? ''
  return isKind(kind) ? accountNames[kind] : { en: account, 'zh-CN': account }
}

const isKind = (kind: string): kind is AccountKind => Object.hasOwn(accountNames, kind)
