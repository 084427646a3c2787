import type { Messages } from '../shared/messages.js'
import type { PolicyFault } from './lint-policy.js'
import type { LetterClass, PasswordReason } from './password-policy.js'

/** What a password lacks, in words. */
export const passwordReasonMessages: Messages<PasswordReason['type']> = {
  TooShort: {
    'zh-CN': '密码至少需要 {minCodePoints} 个字符，现在有 {codePoints} 个。',
    en: 'A password needs at least {minCodePoints} characters; this one has {codePoints}.',
  },
  TooLong: {
    'zh-CN': '密码最多 {maxCodePoints} 个字符。',
    en: 'A password has at most {maxCodePoints} characters.',
  },
  ClassesMissing: {
    'zh-CN': '密码还缺少：{classes}。',
    en: 'The password still lacks: {classes}.',
  },
  TooCommon: {
    'zh-CN': '这个密码太常见，容易被猜到。',
    en: 'This password is too common and easily guessed.',
  },
  Repetitive: {
    'zh-CN': '密码只是同样的 {partCodePoints} 个字符反复出现，请换成不重复的内容。',
    en: 'This is the same {partCodePoints} characters over and over. Go on with something else.',
  },
  Guessable: {
    'zh-CN': '密码的字符太少变化，容易被猜到；请加长，或使用更多不同的字符。',
    en: 'Too few of its characters differ, so it is soon guessed. Make it longer, or use others.',
  },
  Breached: {
    'zh-CN': '这个密码已在其他网站的泄露数据中出现，请换一个。',
    en: 'This password has leaked somewhere. Choose another one.',
  },
  UsedBefore: {
    'zh-CN': '不能使用最近 {history} 个密码之一。',
    en: 'This is one of your last {history} passwords. Choose another one.',
  },
  HoldsContextWord: {
    'zh-CN': '密码不要使用自己的名字、邮箱、手机号、用户名或店铺名称。',
    en: 'Do not build a password on your name, your address, your number or the shop’s name.',
  },
}

/** The kinds of letters, in words. */
export const letterClassNames: Messages<LetterClass> = {
  upper: { 'zh-CN': '大写字母', en: 'a capital letter' },
  lower: { 'zh-CN': '小写字母', en: 'a small letter' },
  digit: { 'zh-CN': '数字', en: 'a digit' },
  symbol: { 'zh-CN': '符号', en: 'a symbol' },
}

/** What a password policy does that a standard does not allow, in words. */
export const policyFaultMessages: Messages<PolicyFault> = {
  tooShort: { 'zh-CN': '允许的密码过短', en: 'It takes passwords that are too short' },
  maximumTooSmall: { 'zh-CN': '允许的最大长度过小', en: 'It refuses passwords that are long' },
  asksForClasses: { 'zh-CN': '要求字符种类', en: 'It asks for classes of characters' },
  lacksClasses: { 'zh-CN': '没有要求全部四类字符', en: 'It does not always ask for all four classes of characters' },
  forcesRotation: { 'zh-CN': '强制定期更换密码', en: 'It makes people change passwords by the calendar' },
  neverReminds: { 'zh-CN': '从不提醒更换密码', en: 'It never reminds of an old password' },
  keepsCompromised: { 'zh-CN': '已泄露的密码仍可登录', en: 'A password that is known to others still signs in' },
  allowsCommon: { 'zh-CN': '允许常见密码', en: 'It takes common passwords' },
  allowsContextWords: {
    'zh-CN': '允许由个人或店铺词语组成的密码',
    en: 'It takes passwords made of the person’s or the shop’s words',
  },
  allowsBreached: { 'zh-CN': '不检查密码是否已泄露', en: 'It does not ask whether a password has leaked' },
}
