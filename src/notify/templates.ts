import { formatMoney } from '../shared/format-money.js'
import type { Instant } from '../shared/instant.js'
import { compareCodePoints } from '../shared/json.js'
import type { Locale, Message as Text } from '../shared/messages.js'
import type { Money } from '../shared/money.js'

/** What a template is filled with: ids, numbers, amounts, moments, texts of the catalog; never a name or an address. */
export type MessageFact =
  | string
  | number
  | Money
  /** A moment; written in the hours of `utcOffsetMinutes`, or of the sender where it names none. */
  | { readonly at: Instant; readonly utcOffsetMinutes?: number }
  | Readonly<Record<Locale, string>>

/** A message in every language. */
export type Template = {
  /** Transactional messages belong to something the person did; marketing needs a consent. */
  readonly kind: 'transactional' | 'marketing'
  readonly subject: Text
  /** `{name}` stands for a fact, `{code}` for the secret. */
  readonly text: Text
}

/** Every message the shop can send. */
export const templates = {
  activationCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '激活您的账户', en: 'Activate your account' },
    text: {
      'zh-CN':
        '您的激活验证码是 {code}，{expiresAt} 前有效。未在 {activateBy} 前激活，注册即作废。如非本人操作，请忽略。',
      en: 'Your activation code is {code}, valid until {expiresAt}. An account not activated by {activateBy} lapses. If this was not you, ignore this message.',
    },
  },
  alreadyRegistered: {
    kind: 'transactional',
    subject: { 'zh-CN': '您已有账户', en: 'You already have an account' },
    text: {
      'zh-CN': '有人用您的地址注册账户。您已有账户：请直接登录，忘记密码可重置。如非本人操作，无需处理。',
      en: 'Somebody tried to register with your address. You already have an account: sign in, or reset your password. If this was not you, nothing needs doing.',
    },
  },
  userNameReminder: {
    kind: 'transactional',
    subject: { 'zh-CN': '您的用户名', en: 'Your user name' },
    text: {
      'zh-CN': '您的用户名是 {code}。如非本人操作，无需处理。',
      en: 'Your user name is {code}. If you did not ask for it, nothing needs doing.',
    },
  },
  noUserName: {
    kind: 'transactional',
    subject: { 'zh-CN': '您没有设置用户名', en: 'You have no user name' },
    text: {
      'zh-CN': '您的账户没有用户名，请直接用此邮箱或手机号登录。如非本人操作，无需处理。',
      en: 'Your account has no user name: sign in by this address or number. If you did not ask, nothing needs doing.',
    },
  },
  resetCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '重置密码', en: 'Reset your password' },
    text: {
      'zh-CN': '您的密码重置验证码是 {code}，{expiresAt} 前有效。请勿告诉任何人。如非本人操作，请忽略。',
      en: 'Your password reset code is {code}, valid until {expiresAt}. Tell it to nobody. If this was not you, ignore this message.',
    },
  },
  bindCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '绑定验证码', en: 'Add this address to your account' },
    text: {
      'zh-CN': '您的绑定验证码是 {code}，{expiresAt} 前有效。请勿告诉任何人。如非本人操作，请忽略。',
      en: 'Your code to add this address or number to your account is {code}, valid until {expiresAt}. Tell it to nobody. If this was not you, ignore this message.',
    },
  },
  signInCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '登录验证码', en: 'Your sign-in code' },
    text: {
      'zh-CN': '您的登录验证码是 {code}，{expiresAt} 前有效。请勿告诉任何人。如非本人操作，请忽略。',
      en: 'Your sign-in code is {code}, valid until {expiresAt}. Tell it to nobody. If this was not you, ignore this message.',
    },
  },
  secondFactorCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '登录二次验证码', en: 'Your second sign-in code' },
    text: {
      'zh-CN':
        '您的登录二次验证码是 {code}，{expiresAt} 前有效。请勿告诉任何人。如非本人操作，说明有人已通过第一步验证，请立即重置密码。',
      en: 'Your second code to sign in is {code}, valid until {expiresAt}. Tell it to nobody. If this was not you, somebody has passed the first step: reset your password at once.',
    },
  },
  enrolFactorCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '开启二次验证', en: 'Turn on codes to this address' },
    text: {
      'zh-CN': '您开启二次验证的验证码是 {code}，{expiresAt} 前有效。请勿告诉任何人。如非本人操作，请立即重置密码。',
      en: 'Your code to have sign-ins confirmed here is {code}, valid until {expiresAt}. Tell it to nobody. If this was not you, reset your password at once.',
    },
  },
  stepUpCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '身份验证码', en: 'Confirm that it is you' },
    text: {
      'zh-CN':
        '您的身份验证码是 {code}，{expiresAt} 前有效，用于变更账户设置。请勿告诉任何人。如非本人操作，请立即重置密码。',
      en: 'Your code to confirm a change of your account is {code}, valid until {expiresAt}. Tell it to nobody. If this was not you, reset your password at once.',
    },
  },
  signInUnusual: {
    kind: 'transactional',
    subject: { 'zh-CN': '账户登录异常提醒', en: 'An unusual sign-in to your account' },
    text: {
      'zh-CN':
        '您的账户于 {at} 登录：{what}。如是本人，无需处理。如非本人，请在 {until} 前用此链接或口令告知我们，所有登录即刻失效：{code}',
      en: 'Your account was signed in to at {at}, {what}. If it was you, nothing needs doing. If it was not, say so until {until} by this link or token, and every sign-in ends at once: {code}',
    },
  },
  secondFactorFailed: {
    kind: 'transactional',
    subject: { 'zh-CN': '二次验证多次失败', en: 'Wrong codes of your second factor' },
    text: {
      'zh-CN': '有人通过了您账户的第一步登录验证，但二次验证多次失败，已暂停至 {until}。如非本人操作，请立即重置密码。',
      en: 'Somebody passed the first step of signing in to your account and then gave wrong codes; codes are not taken until {until}. If this was not you, reset your password at once.',
    },
  },
  secondFactorChanged: {
    kind: 'transactional',
    subject: { 'zh-CN': '二次验证已变更', en: 'Your second factor was changed' },
    text: {
      'zh-CN': '您账户的二次验证设置已于 {at} 变更。如非本人操作，请立即重置密码并联系商店。',
      en: 'The second factor of your account was changed at {at}. If this was not you, reset your password at once and tell the shop.',
    },
  },
  identifierChanged: {
    kind: 'transactional',
    subject: { 'zh-CN': '登录方式已变更', en: 'How you sign in was changed' },
    text: {
      'zh-CN': '您账户的{what}已于 {at} {change}。如非本人操作，请立即重置密码并联系商店。',
      en: 'The {what} of your account was {change} at {at}. If this was not you, reset your password at once and tell the shop.',
    },
  },
  passwordChanged: {
    kind: 'transactional',
    subject: { 'zh-CN': '密码已修改', en: 'Your password was changed' },
    text: {
      'zh-CN': '您的密码已于 {at} 修改，其他设备均已退出登录。如非本人操作，请立即重置密码。',
      en: 'Your password was changed at {at}, and all devices were signed out. If this was not you, reset it at once.',
    },
  },
  privacyRequestDone: {
    kind: 'transactional',
    subject: { 'zh-CN': '个人信息请求已处理', en: 'Your request about your data was met' },
    text: {
      'zh-CN': '您的个人信息请求 {number} 已处理完毕，可在账户中查看。',
      en: 'Your request {number} about your personal data was met; it stands in your account.',
    },
  },
  privacyRequestRefused: {
    kind: 'transactional',
    subject: { 'zh-CN': '个人信息请求未能满足', en: 'Your request about your data was refused' },
    text: {
      'zh-CN': '您的个人信息请求 {number} 未能满足，原因可在账户中查看。您可以向有关部门投诉。',
      en: 'Your request {number} about your personal data was refused; the reason stands in your account. You may complain to the authority.',
    },
  },
  dataIncident: {
    kind: 'transactional',
    subject: { 'zh-CN': '个人信息安全事件告知', en: 'Your personal data may have been seen by others' },
    text: {
      'zh-CN':
        '事件 {number}：{what}可能造成的影响：{harm}我们已采取的措施：{measures}建议您：{advice}联系方式：{contact}',
      en: 'Incident {number}: {what} What may come of it: {harm} What we have done: {measures} What you can do: {advice} Whom to ask: {contact}',
    },
  },
  passwordAtRisk: {
    kind: 'transactional',
    subject: { 'zh-CN': '请更换密码', en: 'Your password has to be changed' },
    text: {
      'zh-CN':
        '您的密码已被他人知晓（例如出现在其他网站的泄露数据中），不能再用于登录。请通过“忘记密码”设置一个新密码，且不要在其他网站使用。',
      en: 'Your password is known to others, as from a leak at another site, and signs nobody in any more. Set a new one by “forgotten password”, and use it nowhere else.',
    },
  },
  sessionReused: {
    kind: 'transactional',
    subject: { 'zh-CN': '一次登录已被终止', en: 'One of your sign-ins was ended' },
    text: {
      'zh-CN': '您账户的一次登录凭证可能被他人复制，该次登录已于 {at} 终止。请重新登录；如有可疑之处，请立即重置密码。',
      en: 'Somebody may have copied what keeps you signed in: that sign-in was ended at {at}. Sign in anew, and reset your password if anything looks wrong.',
    },
  },
  signInLocked: {
    kind: 'transactional',
    subject: { 'zh-CN': '登录已暂时锁定', en: 'Sign-in is locked for a while' },
    text: {
      'zh-CN': '多次登录失败，账户登录已锁定至 {until}。重置密码可立即解锁。',
      en: 'After repeated failures sign-in is locked until {until}. Resetting your password unlocks it at once.',
    },
  },
  signInDisabled: {
    kind: 'transactional',
    subject: { 'zh-CN': '密码登录已停用', en: 'Password sign-in is disabled' },
    text: {
      'zh-CN': '登录失败次数过多，密码登录已停用。请重置密码后再登录。',
      en: 'After too many failures password sign-in is disabled. Reset your password to sign in again.',
    },
  },
  paymentCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '支付验证码', en: 'Your payment code' },
    text: {
      'zh-CN': '您的支付验证码是 {code}，{expiresAt} 前有效。请勿告诉任何人，包括客服。如非本人操作，请立即修改密码。',
      en: 'Your code to pay is {code}, valid until {expiresAt}. Tell it to nobody, the shop included. If this was not you, change your password at once.',
    },
  },
  paymentResetCode: {
    kind: 'transactional',
    subject: { 'zh-CN': '重置支付密码', en: 'Reset your payment password' },
    text: {
      'zh-CN':
        '您的支付密码重置验证码是 {code}，{expiresAt} 前有效。请勿告诉任何人，包括客服。如非本人操作，请立即修改登录密码。',
      en: 'Your code to reset your payment password is {code}, valid until {expiresAt}. Tell it to nobody, the shop included. If this was not you, change your password at once.',
    },
  },
  paymentPasswordChanged: {
    kind: 'transactional',
    subject: { 'zh-CN': '支付密码已变更', en: 'Your payment password was changed' },
    text: {
      'zh-CN': '您的支付密码已于 {at} 设置或变更。如非本人操作，请立即重置登录密码并联系商店。',
      en: 'Your payment password was set or changed at {at}. If this was not you, reset your password at once and tell the shop.',
    },
  },
  paymentPasswordRemoved: {
    kind: 'transactional',
    subject: { 'zh-CN': '支付密码已移除', en: 'Your payment password was removed' },
    text: {
      'zh-CN': '您的支付密码是在您否认的那次登录之后设置的，现已移除。需要时请重新设置。',
      en: 'Your payment password was set after the sign-in that was not yours, and is removed. Set a new one when you need it.',
    },
  },
  paymentPasswordFailed: {
    kind: 'transactional',
    subject: { 'zh-CN': '支付密码多次输错', en: 'Wrong payment passwords' },
    text: {
      'zh-CN': '有人登录了您的账户并多次输错支付密码，支付密码已暂停使用至 {until}。如非本人操作，请立即重置登录密码。',
      en: 'Somebody who is signed in to your account gave wrong payment passwords; none is taken until {until}. If this was not you, reset your password at once.',
    },
  },
  paymentSucceeded: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 支付成功', en: 'Order {orderNumber} is paid' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 已收到付款 {amount}（{method}），预计最晚 {shipBy} 发货。您无需其他操作，发货后会通知您。',
      en: 'We received {amount} by {method} for order {orderNumber}. It will ship by {shipBy}. There is nothing you need to do; we will tell you when it leaves.',
    },
  },
  differenceDue: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的变更待付差价', en: 'A difference is due for order {orderNumber}' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 变更后须补差价 {amount}。请在 {payBy} 前在订单页面支付，逾期未付则变更取消，订单保持原样。',
      en: 'The change of order {orderNumber} costs {amount} more. Pay it on the page of the order by {payBy}; otherwise the change is dropped and the order stays as it was.',
    },
  },
  differencePaid: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 变更成功', en: 'The change of order {orderNumber} is paid' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的差价 {amount}（{method}）已收到，变更已生效，预计最晚 {shipBy} 发货。您无需其他操作，发货后会通知您。',
      en: 'We received the difference of {amount} by {method}, and order {orderNumber} is changed. It will ship by {shipBy}. There is nothing you need to do; we will tell you when it leaves.',
    },
  },
  differenceFailed: {
    kind: 'transactional',
    subject: {
      'zh-CN': '订单 {orderNumber} 的差价支付未成功',
      en: 'The difference for order {orderNumber} was not paid',
    },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的差价 {amount}（{method}）未支付成功。{reason}变更为您保留至 {payBy}，请在此之前完成支付。',
      en: 'The payment of the difference of {amount} by {method} for order {orderNumber} did not succeed. {reason} The change is kept for you until {payBy}; please pay by then.',
    },
  },
  shareDue: {
    kind: 'transactional',
    subject: { 'zh-CN': '请支付订单 {orderNumber} 中您的部分', en: 'Your part of order {orderNumber} is due' },
    text: {
      'zh-CN':
        '您受邀支付订单 {orderNumber} 中的 {amount}。请在 {payBy} 前登录并支付；若届时有人未付，所有已付款项将原路退回。',
      en: 'You were asked to pay {amount} of order {orderNumber}. Sign in and pay it by {payBy}. If somebody has not paid by then, everything that was paid goes back.',
    },
  },
  sharePaid: {
    kind: 'transactional',
    subject: { 'zh-CN': '已收到您为订单 {orderNumber} 支付的款项', en: 'Your part of order {orderNumber} is paid' },
    text: {
      'zh-CN':
        '已收到您为订单 {orderNumber} 支付的 {amount}（{method}）。您无需其他操作；所有人付清后商店备货发出，若有人未付，款项将原路退回。',
      en: 'We received your part of {amount} by {method} for order {orderNumber}. There is nothing else you need to do: it ships once all have paid, and if somebody does not, your part goes back to you.',
    },
  },
  paymentFailed: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 支付未成功', en: 'Payment of order {orderNumber} failed' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的付款 {amount}（{method}）未成功。{reason}订单为您保留至 {payBy}，请在此之前完成支付。',
      en: 'The payment of {amount} by {method} for order {orderNumber} did not succeed. {reason} The order is kept for you until {payBy}; please pay by then.',
    },
  },
  orderShipped: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已发货', en: 'Order {orderNumber} is on its way' },
    text: {
      'zh-CN': '订单 {orderNumber} 已由 {carrier} 发出，运单号 {trackingNumber}。',
      en: 'Order {orderNumber} has left with {carrier}, tracking number {trackingNumber}.',
    },
  },
  parcelLate: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的包裹可能延误', en: 'A parcel of order {orderNumber} is late' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 由 {carrier} 承运的包裹（运单号 {trackingNumber}）可能延误。{reason}如需帮助，请联系商店。',
      en: 'The parcel of order {orderNumber} with {carrier}, tracking number {trackingNumber}, is late. {reason} If you need help, please contact the shop.',
    },
  },
  refundSucceeded: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 退款成功', en: 'Refund for order {orderNumber}' },
    text: {
      'zh-CN': '订单 {orderNumber} 的退款 {amount} 已原路退回。',
      en: 'We refunded {amount} for order {orderNumber} to where it was paid from.',
    },
  },
  orderClosed: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 已关闭', en: 'Order {orderNumber} is closed' },
    text: {
      'zh-CN': '订单 {orderNumber} 已关闭：{reason}所用的优惠券和积分已退回，未支付任何款项。如仍需要，请重新下单。',
      en: 'Order {orderNumber} is closed: {reason} The coupons and points it used are back, and nothing was charged. Order again if you still want it.',
    },
  },
  bill: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 账单：{state}', en: 'Bill of order {orderNumber}: {state}' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的账单（{state}）：\n{items}\n运费 {shipping}\n合计 {total}\n已付 {paid}，支付方式：{method}，支付时间：{paidAt}\n已退 {refunded}',
      en: 'Bill of order {orderNumber} ({state}):\n{items}\nShipping {shipping}\nTotal {total}\nPaid {paid} by {method} at {paidAt}\nRefunded {refunded}',
    },
  },
  evidenceDue: {
    kind: 'transactional',
    subject: { 'zh-CN': '订单 {orderNumber} 的争议即将到期', en: 'An answer is due for order {orderNumber}' },
    text: {
      'zh-CN':
        '订单 {orderNumber} 的付款 {amount} 存在争议或投诉（{reason}），须在 {dueAt} 前答复，目前尚未提交。请在后台查看争议 {disputeId} 并提交说明。',
      en: 'A payer disputes {amount} of order {orderNumber} or complains of it ({reason}). An answer is due by {dueAt}, and none was sent. Look at dispute {disputeId} and send what the shop has to say.',
    },
  },
  reviewInvitation: {
    kind: 'marketing',
    subject: {
      'zh-CN': '订单 {orderNumber} 的商品怎么样？',
      en: 'How do you like what you bought in order {orderNumber}?',
    },
    text: {
      'zh-CN':
        '订单 {orderNumber} 已完成。欢迎在订单页评价您购买的商品，好评差评都会如实展示。不想再收到？请在账户设置中撤回营销同意。',
      en: 'Order {orderNumber} is complete. Tell others what you think of it on its page; good or bad, it is shown as you write it. To stop these, withdraw your marketing consent in your account.',
    },
  },
  reviewHidden: {
    kind: 'transactional',
    subject: { 'zh-CN': '您的评价已被屏蔽', en: 'A review of yours is out of sight' },
    text: {
      'zh-CN': '您的一条评价已被屏蔽，原因：{reason}。您可以修改评价，或联系商店要求复核。',
      en: 'A review of yours is out of sight because {reason}. You may change it, or ask the shop to look at it again.',
    },
  },
  couponGiven: {
    kind: 'marketing',
    subject: { 'zh-CN': '您获得一张优惠券：{title}', en: 'A coupon for you: {title}' },
    text: {
      'zh-CN': '{title}：{rules}。{until} 前有效，已放入您的账户，下单时可用。不想再收到？请在账户设置中撤回营销同意。',
      en: '{title}: {rules}. It is in your account and can be used until {until}. To stop these, withdraw your marketing consent in your account.',
    },
  },
  couponEnding: {
    kind: 'marketing',
    subject: { 'zh-CN': '优惠券即将到期：{title}', en: 'Your coupon will end soon: {title}' },
    text: {
      'zh-CN': '{title}：{rules}。{until} 到期，请及时使用。不想再收到？请在账户设置中撤回营销同意。',
      en: '{title}: {rules}. It ends at {until}. To stop these, withdraw your marketing consent in your account.',
    },
  },
  benefitGiven: {
    kind: 'marketing',
    subject: { 'zh-CN': '会员礼遇：{title}', en: 'For you as a member: {title}' },
    text: {
      'zh-CN':
        '会员礼遇「{title}」已放入您的账户：积分 {points}，优惠券 {coupons} 张。不想再收到？请在账户设置中撤回营销同意。',
      en: '{title} is in your account: points {points}, coupons {coupons}. To stop these, withdraw your marketing consent in your account.',
    },
  },
  cartAbandoned: {
    kind: 'marketing',
    subject: { 'zh-CN': '购物车里还有商品', en: 'Your cart is waiting' },
    text: {
      'zh-CN': '您的购物车里还有 {count} 种商品，其中有 {title}。不想再收到？请在账户设置中撤回营销同意。',
      en: 'There are {count} items in your cart, {title} among them. To stop these, withdraw your marketing consent in your account.',
    },
  },
  cartPriceDropped: {
    kind: 'marketing',
    subject: { 'zh-CN': '购物车商品降价：{title}', en: 'Cheaper now: {title}' },
    text: {
      'zh-CN': '您购物车里的 {title} 由 {before} 降至 {price}。不想再收到？请在账户设置中撤回营销同意。',
      en: '{title} in your cart went from {before} to {price}. To stop these, withdraw your marketing consent in your account.',
    },
  },
  cartLowStock: {
    kind: 'marketing',
    subject: { 'zh-CN': '购物车商品库存紧张：{title}', en: 'Nearly sold out: {title}' },
    text: {
      'zh-CN': '您购物车里的 {title} 仅剩 {available} 件。不想再收到？请在账户设置中撤回营销同意。',
      en: 'Only {available} pieces of {title} in your cart are left. To stop these, withdraw your marketing consent in your account.',
    },
  },
  pointsExpiring: {
    kind: 'transactional',
    subject: { 'zh-CN': '{points} 积分即将到期', en: '{points} points end soon' },
    text: {
      'zh-CN': '您有 {points} 积分即将到期，最早于 {firstAt}，最晚于 {lastAt}。请在到期前使用。',
      en: '{points} of your points end soon, the first at {firstAt}, the last at {lastAt}. Spend them before.',
    },
  },
  offerAnnounced: {
    kind: 'marketing',
    subject: { 'zh-CN': '{title}', en: '{title}' },
    text: {
      'zh-CN': '{title}，{until} 前有效。不想再收到？请在账户设置中撤回营销同意。',
      en: '{title}, until {until}. To stop these, withdraw your marketing consent in your account.',
    },
  },
} satisfies Readonly<Record<string, Template>>

/** The name of a message the shop can send. */
export type TemplateName = keyof typeof templates

/** Every name, sorted. */
export const templateNames: readonly TemplateName[] =
  // Object.keys answers strings; these are the keys of the object above.
  (Object.keys(templates) as TemplateName[]).sort(compareCodePoints)

/** Whether a message needs the person's consent to marketing. */
export const needsConsent = (name: TemplateName): boolean => templates[name].kind === 'marketing'

/**
 * Writes a message in a language.
 *
 * @param facts - what stands for `{name}`; one that is missing leaves `{name}` standing
 * @param options.code - what stands for `{code}`
 * @param options.utcOffsetMinutes - in whose hours moments are written; those of UTC when absent
 */
export const writeMessage = (
  name: TemplateName,
  facts: Readonly<Record<string, MessageFact>>,
  options: { readonly locale: Locale; readonly code?: string; readonly utcOffsetMinutes?: number },
): { readonly subject: string; readonly text: string } => {
  const { locale, code, utcOffsetMinutes = 0 } = options
  const fill = (text: Text): string =>
    text[locale].replace(/\{(\w+)\}/g, (whole, key: string) => {
      if (key === 'code') return code ?? whole
      const fact = Object.hasOwn(facts, key) ? facts[key] : undefined
      return fact === undefined ? whole : writeFact(fact, locale, utcOffsetMinutes)
    })
  return { subject: fill(templates[name].subject), text: fill(templates[name].text) }
}

const writeFact = (fact: MessageFact, locale: Locale, utcOffsetMinutes: number): string => {
  if (typeof fact === 'string') return fact
  if (typeof fact === 'number') return String(fact)
  if ('at' in fact) return writeMoment(fact.at, fact.utcOffsetMinutes ?? utcOffsetMinutes)
  if ('minor' in fact) return formatMoney(fact, { locale }).unwrapOr(`${fact.minor} ${fact.currency}`)
  return fact[locale] === '' ? fact.en || fact['zh-CN'] : fact[locale]
}

const writeMoment = (at: number, utcOffsetMinutes: number): string => {
  const shown = new Date(at + utcOffsetMinutes * 60_000).toISOString()
  const sign = utcOffsetMinutes < 0 ? '-' : '+'
  const minutes = Math.abs(utcOffsetMinutes)
  const offset = `${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
  return `${shown.slice(0, 10)} ${shown.slice(11, 16)} ${utcOffsetMinutes === 0 ? 'UTC' : offset}`
}

const pad = (value: number): string => String(value).padStart(2, '0')
