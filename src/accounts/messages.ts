import type { Messages } from '../shared/messages.js'
import type { AccountError } from './account.js'
import type { SessionRefused } from './actor-of.js'
import type { SignInRefused } from './begin-session.js'
import type { TooManyCodes, TooManyNames } from './budgets.js'
import type { ChallengeError } from './challenge.js'
import type { GuardianRequired, NoticeOutdated, PurposeUnknown } from './consent.js'
import type { DeviceFull } from './device/join-device.js'
import type { SecondFactorRequired } from './enter-account.js'
import type { PasswordNotProven, PlanChanged } from './erase-account.js'
import type { SurveyAnswerRefused, SurveyNotDue } from './feedback/survey.js'
import type { IdentifierMalformed } from './identifier.js'
import type { LinkFirst } from './identity/enter-by-identity.js'
import type { IdentityTaken, TooManyLinks } from './identity/finish-linking.js'
import type { RegistrationUnfinished } from './identity/finish-provider-sign-in.js'
import type { IdentityRefused, IdentityUnavailable, ProviderUnknown } from './identity/identity-provider.js'
import type { LastWayIn } from './identity/linked-identity.js'
import type { IncidentForbids, RecordUnknown } from './incidents/incident.js'
import type { ActivationByPushNotOffered, InstallationRefused, InstallationsUnavailable } from './installation.js'
import type { TooManyPasskeys } from './passkey/finish-passkey-registration.js'
import type { PasskeyRefused, PasskeysNotOffered } from './passkey/prove-passkey.js'
import type { PasswordRefused } from './password-policy.js'
import type {
  PaymentPasswordNotProven,
  PaymentPasswordReason,
  PaymentPasswordRefused,
  PaymentPasswordStands,
  ProofNotTaken,
} from './payment-proof/payment-password.js'
import type { BreachListUnavailable, HasherUnavailable } from './ports.js'
import type { PurposeMissing } from './privacy/on-request.js'
import type { BusinessOpen } from './privacy/plan-erasure.js'
import type {
  PrivacyRequestAnsweredBefore,
  PrivacyRequestOpen,
  RequestNotCarriedOut,
} from './privacy/privacy-request.js'
import type {
  ConsentRequired,
  RealNameNotOffered,
  RealNameProvenBefore,
  RealNameRefused,
  RealNameUnavailable,
} from './real-name/real-name.js'
import type { IdNumberMalformed } from './real-name/resident-id.js'
import type { CodeRefused } from './redeem-code.js'
import type { PasswordChangeRequired } from './refresh-credential.js'
import type { DetailReason, DetailsRefused } from './registration-fields.js'
import type { AlreadyBound } from './request-binding.js'
import type { SecondFactorError } from './second-factor/second-factor.js'
import type { UserNameTaken } from './set-user-name.js'
import type { FactorProofRequired, StepUpWaits } from './step-up.js'
import type { ContactInUse } from './unbind-identifier.js'

/** Every refusal of accounts. */
export type AccountsError =
  | AccountError
  | ChallengeError
  | CodeRefused
  | AlreadyBound
  | BreachListUnavailable
  | BusinessOpen
  | DeviceFull
  | GuardianRequired
  | NoticeOutdated
  | PurposeUnknown
  | PrivacyRequestAnsweredBefore
  | RequestNotCarriedOut
  | PrivacyRequestOpen
  | PurposeMissing
  | PlanChanged
  | IdentifierMalformed
  | UserNameTaken
  | HasherUnavailable
  | ActivationByPushNotOffered
  | InstallationRefused
  | InstallationsUnavailable
  | IdentityRefused
  | IdentityTaken
  | IdentityUnavailable
  | IncidentForbids
  | RecordUnknown
  | LastWayIn
  | LinkFirst
  | ProviderUnknown
  | RegistrationUnfinished
  | TooManyLinks
  | PasswordChangeRequired
  | PasskeyRefused
  | PasskeysNotOffered
  | TooManyPasskeys
  | PasswordNotProven
  | DetailsRefused
  | PasswordRefused
  | PaymentPasswordNotProven
  | PaymentPasswordRefused
  | PaymentPasswordStands
  | ProofNotTaken
  | ConsentRequired
  | IdNumberMalformed
  | RealNameNotOffered
  | RealNameProvenBefore
  | RealNameRefused
  | RealNameUnavailable
  | SessionRefused
  | FactorProofRequired
  | StepUpWaits
  | SecondFactorError
  | ContactInUse
  | SecondFactorRequired
  | SignInRefused
  | SurveyAnswerRefused
  | SurveyNotDue
  | TooManyCodes
  | TooManyNames

/** Their texts. */
export const accountsMessages: Messages<AccountsError['type']> = {
  AccountStateForbids: {
    'zh-CN': '账户处于 {status} 状态，不能执行 {command}。',
    en: 'The account is {status}; {command} does not apply.',
  },
  BanOver: {
    'zh-CN': '封禁的结束时间必须晚于现在。',
    en: 'A ban ends at a moment to come, or not at all.',
  },
  ActivationByPushNotOffered: {
    'zh-CN': '本店不支持仅凭设备办理，请使用邮箱或手机号。',
    en: 'Nothing is done here from a device alone. Use an e-mail address or a mobile number.',
  },
  ActivationOver: {
    'zh-CN': '激活期限已过，请重新注册。',
    en: 'The time to activate is over. Please register again.',
  },
  ActivationStillOpen: {
    'zh-CN': '激活期限未到，注册仍然有效。',
    en: 'The time to activate is not over; the registration stands.',
  },
  ChallengeStateForbids: {
    'zh-CN': '验证码已使用或已失效。',
    en: 'The code was used or is void.',
  },
  CodeWrong: { 'zh-CN': '验证码不正确。', en: 'The code is not right.' },
  CodeExpired: { 'zh-CN': '验证码已过期，请重新获取。', en: 'The code is too old. Ask for a new one.' },
  AttemptsUsedUp: {
    'zh-CN': '验证码输入错误次数过多，请重新开始。',
    en: 'The code was tried too often. Please begin again.',
  },
  PurposeDiffers: { 'zh-CN': '验证码不适用于此操作。', en: 'The code is for something else.' },
  CodeTooSoon: { 'zh-CN': '验证码刚刚发送，请稍候再试。', en: 'A code was sent just now. Wait a little.' },
  CodeRefused: {
    'zh-CN': '验证码无效或已过期。请核对最近一条消息，或重新获取。',
    en: 'The code is not valid or too old. Check the last message, or ask for a new code.',
  },
  AlreadyBound: {
    'zh-CN': '这已经是您账户的登录方式。',
    en: 'This is yours already.',
  },
  NotBound: { 'zh-CN': '您的账户没有绑定这一项。', en: 'Your account has none of that kind.' },
  LastContact: {
    'zh-CN': '请至少保留一个商店要求的邮箱或手机号，可直接换绑新的。',
    en: 'An address or number that the shop asks for has to stay. You can put another one in its place.',
  },
  PhoneMalformed: {
    'zh-CN': '请输入一个有效的手机号码；目前仅支持部分国家和地区。',
    en: 'Enter one mobile number, of a country or region that the shop serves.',
  },
  UserNameMalformed: {
    'zh-CN': '用户名为 3 至 32 个字母、数字（汉字 2 个起），可用点、横线、下划线连接，不能混用汉字和字母。',
    en: 'A user name has 3 to 32 letters and digits, or 2 to 32 Chinese characters, with dots, hyphens or underlines between.',
  },
  UserNameTaken: { 'zh-CN': '该用户名已被使用，请换一个。', en: 'This user name is taken. Choose another one.' },
  EmailMalformed: {
    'zh-CN': '请输入一个有效的电子邮箱地址，只含英文字母、数字和常用符号。',
    en: 'Enter one e-mail address of plain letters, digits and common signs.',
  },
  BreachListUnavailable: {
    'zh-CN': '暂时无法检查密码是否已泄露，请稍后再试。',
    en: 'It cannot be checked now whether the password has leaked. Try later.',
  },
  PasswordChangeRequired: {
    'zh-CN': '此密码不能再用于登录，请通过“忘记密码”设置新密码。',
    en: 'This password signs nobody in any more. Set a new one by “forgotten password”.',
  },
  PurposeUnknown: { 'zh-CN': '商店没有“{purpose}”这一用途的授权。', en: 'The shop asks for no consent to {purpose}.' },
  NoticeOutdated: {
    'zh-CN': '隐私说明已更新，请阅读最新版本后再选择。',
    en: 'The notice has been replaced. Read the current one, then choose.',
  },
  GuardianRequired: {
    'zh-CN': '未满 {belowYears} 周岁注册需要监护人同意。',
    en: 'Who is younger than {belowYears} needs a guardian’s consent to register.',
  },
  BusinessOpen: {
    'zh-CN': '您还有未完结的订单、退货、退款或争议，完结后即可注销账户。',
    en: 'Orders, returns, refunds or disputes of yours are not at their end. The account can be erased when they are.',
  },
  DeviceFull: {
    'zh-CN': '一台设备最多同时登录 {most} 个账户，请先退出其中一个。',
    en: 'A device is signed in to at most {most} accounts at once. Sign one of them out first.',
  },
  PrivacyRequestOpen: {
    'zh-CN': '您已有同类请求 {number} 正在处理，将于 {dueAt} 前答复。',
    en: 'Your request {number} of this kind is open already; it will be answered by {dueAt}.',
  },
  RequestNotCarriedOut: {
    'zh-CN': '该请求尚未办理，不能答复为已办结。',
    en: 'The request was not carried out, and cannot be answered as done.',
  },
  PrivacyRequestAnsweredBefore: { 'zh-CN': '该请求已答复。', en: 'The request was answered before.' },
  PurposeMissing: {
    'zh-CN': '请说明查阅这些信息的目的。',
    en: 'Say for which purpose you read this.',
  },
  PlanChanged: {
    'zh-CN': '注销方案已有变化，请重新查看后再确认。',
    en: 'What the erasure would do has changed. Look at the plan once more, then confirm it.',
  },
  HasherUnavailable: { 'zh-CN': '暂时无法处理密码，请稍后再试。', en: 'Passwords cannot be checked now. Try later.' },
  IdentityRefused: {
    'zh-CN': '第三方登录未完成，请重新开始。',
    en: 'The other service did not sign you in. Please begin again.',
  },
  IdentityTaken: {
    'zh-CN': '该第三方账号已绑定其他账户。请先用它登录那个账户并解绑。',
    en: 'This identity leads into another account. Sign in by it and take it off there first.',
  },
  IdentityUnavailable: {
    'zh-CN': '暂时无法连接第三方登录服务，请稍后再试，或使用其他登录方式。',
    en: 'The other service cannot be reached now. Try later, or sign in another way.',
  },
  IncidentForbids: {
    'zh-CN': '事件目前不允许此操作（{reason}）。',
    en: 'The incident does not allow this now: {reason}.',
  },
  RecordUnknown: {
    'zh-CN': '商店没有名为“{record}”的个人信息记录。',
    en: 'The shop keeps no record of people named “{record}”.',
  },
  LastWayIn: {
    'zh-CN': '没有其他可靠的方式登录此账户：忘记密码时无法找回。请先添加邮箱、手机号或其他登录方式。',
    en: 'Nothing else would let you back in if you forgot your password. Add an address, a number or another service first.',
  },
  LinkFirst: {
    'zh-CN': '您的邮箱已有账户。请先登录该账户，再在账户设置中绑定此登录方式。',
    en: 'You have an account by this address. Sign in to it, then link the other service there.',
  },
  RegistrationUnfinished: {
    'zh-CN': '还差一步：请填写商店需要的信息以完成注册。',
    en: 'One more step: tell what the shop asks of who registers.',
  },
  ProviderUnknown: { 'zh-CN': '商店不支持此登录方式。', en: 'The shop knows no such way to sign in.' },
  TooManyLinks: {
    'zh-CN': '最多可绑定 {most} 个第三方登录，请先解绑一个。',
    en: 'An account has at most {most} linked services. Take one off first.',
  },
  PasskeyRefused: {
    'zh-CN': '通行密钥验证未通过，请重试或使用其他方式。',
    en: 'The passkey did not prove who you are. Try again, or use another way.',
  },
  PasskeysNotOffered: { 'zh-CN': '商店不支持通行密钥。', en: 'The shop takes no passkeys.' },
  TooManyPasskeys: {
    'zh-CN': '最多可添加 {most} 个通行密钥，请先删除一个。',
    en: 'An account has at most {most} passkeys. Take one off first.',
  },
  PasswordNotProven: {
    'zh-CN': '密码不正确，或因多次失败暂时锁定。',
    en: 'The password is not right, or is locked for a while after failures.',
  },
  DetailsRefused: {
    'zh-CN': '有些资料不符合要求，请逐项核对。',
    en: 'Some details are not as asked. Check each of them.',
  },
  PasswordRefused: { 'zh-CN': '密码不符合要求。', en: 'The password does not meet the requirements.' },
  PaymentPasswordNotProven: {
    'zh-CN': '支付密码不正确、尚未设置，或因多次失败暂时锁定。可通过验证码重置。',
    en: 'The payment password is not right, is not set, or is locked for a while after failures. You can reset it by a code.',
  },
  PaymentPasswordRefused: {
    'zh-CN': '支付密码不符合要求。',
    en: 'The payment password does not meet the requirements.',
  },
  PaymentPasswordStands: {
    'zh-CN': '您已设置支付密码，可修改或通过验证码重置。',
    en: 'You have a payment password. Change it, or reset it by a code.',
  },
  ProofNotTaken: {
    'zh-CN': '本店支付前不使用这种验证方式，请换一种。',
    en: 'The shop does not take this proof before a payment. Use another one.',
  },
  FactorProofRequired: {
    'zh-CN': '此处不能凭密码验证身份，请用以下方式之一：{factors}；若未列出任何方式，请重新登录。',
    en: 'A password does not prove here who you are. Use one of these: {factors}; where none is named, sign in anew.',
  },
  FactorStateForbids: {
    'zh-CN': '二次验证处于 {status} 状态，不能执行 {command}。',
    en: 'The second factor is {status}; {command} does not apply.',
  },
  StepUsedBefore: {
    'zh-CN': '这个动态码已使用过，请等待下一个。',
    en: 'This code was used. Wait for the next one, half a minute at most.',
  },
  FactorWayStands: {
    'zh-CN': '二次验证已启用这种方式（{way}）。',
    en: 'Your second factor has this way already: {way}.',
  },
  FactorWayAbsent: {
    'zh-CN': '二次验证未启用这种方式（{way}）。',
    en: 'Your second factor does not have this way: {way}.',
  },
  ContactInUse: {
    'zh-CN': '二次验证码会发送到这里。请先在二次验证中停用此方式，再解绑。',
    en: 'Codes of your second factor go there. Take that way off your second factor first.',
  },
  ConsentRequired: {
    'zh-CN': '此操作需要您单独同意（{purpose}）。请阅读说明后再决定。',
    en: 'This takes a consent of its own ({purpose}). Read the notice, then decide.',
  },
  IdNumberMalformed: {
    'zh-CN': '身份证号码不正确，请核对 18 位号码。',
    en: 'This is no number of a resident identity card. Check its 18 characters.',
  },
  RealNameNotOffered: { 'zh-CN': '本店不使用这种实名认证方式。', en: 'The shop does not ask for real names this way.' },
  RealNameProvenBefore: {
    'zh-CN': '您已完成实名认证。如需重新认证，请先撤回同意。',
    en: 'Your real name is proven already. To prove it anew, withdraw your consent first.',
  },
  RealNameRefused: {
    'zh-CN': '实名认证未通过：信息不一致或无法核实，请核对后再试。',
    en: 'Your real name was not proven: what you gave is not of one person, or cannot be told. Check it and try again.',
  },
  InstallationRefused: {
    'zh-CN': '无法确认此设备，请使用邮箱或手机号。',
    en: 'This device could not be confirmed. Use an e-mail address or a mobile number.',
  },
  InstallationsUnavailable: {
    'zh-CN': '暂时无法确认设备，请稍后再试。',
    en: 'Devices cannot be confirmed now. Try later.',
  },
  RealNameUnavailable: {
    'zh-CN': '暂时无法进行实名认证，请稍后再试。',
    en: 'Real names cannot be proven now. Try later.',
  },
  RecoveryCodeUnknown: { 'zh-CN': '备用码无效或已使用。', en: 'The recovery code is not valid, or was used.' },
  SecondFactorRequired: {
    'zh-CN': '请完成二次验证以登录，可用方式：{factors}。',
    en: 'One more proof to sign in, by one of these: {factors}.',
  },
  SessionRefused: { 'zh-CN': '登录已失效，请重新登录。', en: 'You are signed out. Please sign in again.' },
  SignInRefused: {
    'zh-CN': '登录失败：账号或密码不正确，或账户暂时不能登录。忘记密码可重置。',
    en: 'Sign-in failed: what you entered is not right, or the account cannot sign in now. You can reset your password.',
  },
  SurveyAnswerRefused: {
    'zh-CN': '有些回答不在选项之内，请至少回答一题。',
    en: 'Some answers are none of the choices. Answer one question at least.',
  },
  SurveyNotDue: { 'zh-CN': '现在没有需要您填写的问卷。', en: 'You are not asked anything now.' },
  StepUpWaits: {
    'zh-CN': '密码刚刚重置，且账户没有其他验证方式。请在 {retryAt} 之后再进行此操作。',
    en: 'The password was just reset, and nothing else shows that it is you. This can be done from {retryAt} on.',
  },
  TooManyCodes: {
    'zh-CN': '验证码请求过于频繁，请稍后再试。',
    en: 'Too many codes were asked for. Try again later.',
  },
  TooManyNames: {
    'zh-CN': '尝试的用户名过多，请稍后再试。',
    en: 'Too many user names were tried. Try again later.',
  },
}

/** What a payment password lacks, in words. */
export const paymentPasswordReasonMessages: Messages<PaymentPasswordReason['type']> = {
  NotDigits: { 'zh-CN': '支付密码须为 {digits} 位数字。', en: 'A payment password has {digits} digits.' },
  TooSimple: {
    'zh-CN': '这个支付密码太简单，请不要使用连续、重复或常见的数字。',
    en: 'This payment password is too simple: no runs, no repeated and no well-known digits.',
  },
  InOwnNumber: {
    'zh-CN': '请不要使用手机号中的数字作为支付密码。',
    en: 'Do not take your payment password out of your own phone number.',
  },
}

/** Why a detail is not taken, in words. */
export const detailReasonMessages: Messages<DetailReason['reason']> = {
  undeclared: { 'zh-CN': '本店不收集“{field}”。', en: 'The shop does not ask for “{field}”.' },
  missing: { 'zh-CN': '请填写“{field}”。', en: 'Fill in “{field}”.' },
  malformed: { 'zh-CN': '“{field}”的格式不正确。', en: '“{field}” is not of the form that is asked.' },
  tooLong: { 'zh-CN': '“{field}”过长。', en: '“{field}” is too long.' },
  noChoice: { 'zh-CN': '请从“{field}”的选项中选择。', en: 'Choose one of the choices of “{field}”.' },
}
