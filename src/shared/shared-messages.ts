import type { Denied, StepUpRequired } from './actor.js'
import type { StoredDataInvalid } from './collection.js'
import type { CommitError } from './commit.js'
import type { CookieInvalid } from './cookie.js'
import type { UnknownCurrency } from './currency.js'
import type { InvalidAmount, TooManyDecimals } from './decimal-money.js'
import type { AlreadyDone, Busy, IdempotencyKeyReused, InvalidInput, NotFound } from './errors.js'
import type { Messages } from './messages.js'
import type { AmountOverflow, CurrencyMismatch, NotSafeInteger } from './money.js'
import type { InvalidLocale } from './number-format.js'
import type { Unreadable } from './personal-data.js'
import type { CryptoUnavailable } from './ports.js'
import type { InvalidRate } from './rate.js'
import type { DivisionByZero } from './rounding.js'
import type { CapsTooSmall, InvalidSplit, WeightsAllZero } from './split.js'
import type { CalendarNotCovered } from './work-calendar.js'

/** Every refusal that no module owns. */
export type SharedError =
  | Denied
  | StepUpRequired
  | NotFound
  | InvalidInput
  | Busy
  | IdempotencyKeyReused
  | AlreadyDone
  | StoredDataInvalid
  | CommitError
  | CryptoUnavailable
  | Unreadable
  | UnknownCurrency
  | InvalidAmount
  | TooManyDecimals
  | AmountOverflow
  | CurrencyMismatch
  | NotSafeInteger
  | InvalidLocale
  | InvalidRate
  | DivisionByZero
  | CapsTooSmall
  | CalendarNotCovered
  | CookieInvalid
  | InvalidSplit
  | WeightsAllZero

/** What is said of each. */
export const sharedMessages: Messages<SharedError['type']> = {
  Denied: { 'zh-CN': '您没有权限执行此操作。', en: 'You may not do this.' },
  StepUpRequired: {
    'zh-CN': '为确认是您本人，请再次验证身份后重试。',
    en: 'To be sure that it is you, prove once more who you are, then try again.',
  },
  NotFound: { 'zh-CN': '没有找到所请求的内容（{id}）。', en: 'What was asked for is not there ({id}).' },
  InvalidInput: {
    'zh-CN': '输入有误，请检查标出的字段后重试。',
    en: 'The input is not right. Check the fields that are named and try again.',
  },
  CookieInvalid: {
    'zh-CN': '无法生成 Cookie（{part}）。',
    en: 'No cookie can be made of this: {part}.',
  },
  Busy: { 'zh-CN': '当前操作繁忙，请稍候再试。', en: 'Too much is going on here just now. Try again in a moment.' },
  IdempotencyKeyReused: {
    'zh-CN': '该请求编号已用于另一项内容，请使用新的编号。',
    en: 'This command key was used for something else. Use a new one.',
  },
  AlreadyDone: {
    'zh-CN': '该操作已经完成，其结果只显示一次。',
    en: 'This was done already, and its answer is shown only once.',
  },
  StorageUnavailable: {
    'zh-CN': '系统暂时不可用，请稍后重试。',
    en: 'The shop is not available just now. Try again later.',
  },
  StoredDataInvalid: {
    'zh-CN': '存储的数据无法读取，请联系客服。',
    en: 'What is stored cannot be read. Please contact our service.',
  },
  MalformedCommit: {
    'zh-CN': '这项更改无法保存，请联系客服。',
    en: 'This change cannot be stored. Please contact our service.',
  },
  VersionConflict: {
    'zh-CN': '内容已被他人更改，请刷新后重试。',
    en: 'Somebody else has changed this. Read it again and retry.',
  },
  FloorReached: { 'zh-CN': '可用数量不足。', en: 'There is not enough left.' },
  AlreadyClaimed: { 'zh-CN': '{key} 已被占用。', en: '{key} is taken.' },
  CryptoUnavailable: {
    'zh-CN': '安全服务暂时不可用，请稍后重试。',
    en: 'The security service is not available just now. Try again later.',
  },
  Unreadable: {
    'zh-CN': '个人信息已删除或无法读取。',
    en: 'The personal data was erased or cannot be read.',
  },
  UnknownCurrency: { 'zh-CN': '不支持币种 {currency}。', en: '{currency} is not a known currency.' },
  InvalidAmount: { 'zh-CN': '金额格式无效。', en: 'This is not an amount.' },
  TooManyDecimals: { 'zh-CN': '金额的小数位数过多。', en: 'The amount has too many decimals.' },
  AmountOverflow: { 'zh-CN': '金额超出可处理范围。', en: 'The amount is too large.' },
  CurrencyMismatch: {
    'zh-CN': '币种不一致，无法计算。',
    en: 'Amounts of different currencies cannot be reckoned together.',
  },
  NotSafeInteger: {
    'zh-CN': '金额必须是整数（最小货币单位）。',
    en: 'The amount must be a whole number of minor units.',
  },
  InvalidLocale: { 'zh-CN': '无法识别语言 {locale}。', en: '{locale} is not a language tag.' },
  InvalidRate: { 'zh-CN': '比率 {rate} 无效。', en: '{rate} is not a rate.' },
  DivisionByZero: { 'zh-CN': '除数不能为零。', en: 'Nothing can be divided by zero.' },
  CalendarNotCovered: {
    'zh-CN': '工作日历未覆盖 {day}，无法判断是否为工作日。请更新日历。',
    en: 'The working calendar does not cover {day}. Bring it up to date.',
  },
  CapsTooSmall: { 'zh-CN': '各部分的上限之和小于总额。', en: 'The parts may not take as much as there is.' },
  InvalidSplit: { 'zh-CN': '无法按给定的权重分摊。', en: 'This cannot be split by these weights.' },
  WeightsAllZero: { 'zh-CN': '权重不能全部为零。', en: 'Not every weight can be zero.' },
}
