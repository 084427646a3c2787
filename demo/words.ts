import type { Locale } from 'shopwright'

const texts = {
  opening: ['A day in the shop, kept in {what}', '商店的一天，数据存于 {what}'],
  catalog: ['The catalog comes in', '导入商品目录'],
  imported: ['{created} products imported, {failed} rows refused', '已导入 {created} 个商品，{failed} 行被拒绝'],
  refusedRow: ['line {line}: {why}', '第 {line} 行：{why}'],
  madeUp: ['the file states no {what}; the demo makes it up', '文件没有 {what}，由演示补上'],
  guest: ['A visitor looks around', '访客浏览'],
  searched: ['“{text}” finds {total}', '搜索“{text}”，找到 {total} 件'],
  customer: ['The visitor becomes a customer', '访客注册成为会员'],
  registered: ['registered; a code went to {to}', '已注册，验证码已发送至 {to}'],
  activated: ['the code came back in time: the account is active', '按时输入验证码，账户已激活'],
  signedIn: [
    'signed in; the cart of the visitor is now hers, {lines} lines',
    '已登录，访客购物车已合并，共 {lines} 行',
  ],
  coupon: ['she claims the spring coupon', '领取春季优惠券'],
  price: ['The price, line by line', '价格明细'],
  order: ['The order', '下单与支付'],
  placed: ['order {number} placed, {total} to pay', '订单 {number} 已提交，应付 {total}'],
  declined: ['first attempt: {status}, {reason}', '第一次支付：{status}，{reason}'],
  paid: ['second attempt: {status}; the order is {order}', '第二次支付：{status}；订单 {order}'],
  repeated: ['the gateway tells of it twice more: nothing changes', '支付平台又通知了两次：没有任何变化'],
  parcel: ['The parcel', '发货与签收'],
  shipped: ['shipped with {carrier}, {tracking}', '已由 {carrier} 发出，单号 {tracking}'],
  signed: ['two days later it is signed for', '两天后签收'],
  completed: [
    'the return window passes: the order is {order}, {points} points are hers',
    '退货期满：订单 {order}，获得 {points} 积分',
  ],
  back: ['One piece comes back', '退回一件'],
  requested: ['return asked for: {cash} and {points} points would go back', '申请退货：将退回 {cash} 与 {points} 积分'],
  refunded: [
    'received, looked at, restocked; {cash} went back, order {order}',
    '已收货、验货、入库；已退款 {cash}，订单 {order}',
  ],
  timeline: ['What she was told', '发给她的消息'],
  ledgers: ['The ledgers at the end of the day', '日终账目'],
  money: ['Money', '资金总账'],
  account: ['account', '科目'],
  debit: ['debit', '借方'],
  credit: ['credit', '贷方'],
  balance: ['balance', '余额'],
  points: ['Points', '积分'],
  pieces: ['Stock of what was ordered', '所订商品的库存'],
  place: ['place', '位置'],
  balances: ['balances: {answer}', '是否平衡：{answer}'],
  yes: ['yes', '是'],
  no: ['NO', '否'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

/** Says something of the story in a language; `{name}` stands for a fact. */
export const speaker =
  (locale: Locale) =>
  (word: keyof typeof texts, facts: Readonly<Record<string, string | number>> = {}): string =>
    texts[word][locale === 'en' ? 0 : 1].replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole))

export type Say = ReturnType<typeof speaker>
