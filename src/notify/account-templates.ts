import type { Template } from './template.js'

/** Messages about an account: its codes, its proofs, who came in, what was asked for. */
export const accountTemplates = {
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
  dataExported: {
    kind: 'transactional',
    subject: { 'zh-CN': '您的个人信息已被导出', en: 'Your data was exported' },
    text: {
      'zh-CN': '您账户的个人信息已于 {at} 导出。如非本人操作，请立即重置密码并联系商店。',
      en: 'What the shop keeps of you was exported from your account at {at}. If this was not you, reset your password at once and tell the shop.',
    },
  },
  privacyRequestTaken: {
    kind: 'transactional',
    subject: { 'zh-CN': '已代您登记个人信息请求', en: 'A request about your data was taken in for you' },
    text: {
      'zh-CN': '商店已代您登记个人信息请求 {number}。如非您本人或您的代理人提出，请立即联系商店。',
      en: 'The shop has taken in request {number} about your personal data for you. If neither you nor anybody for you has asked, tell the shop at once.',
    },
  },
  accountBanned: {
    kind: 'transactional',
    subject: { 'zh-CN': '您的账户已被封禁', en: 'Your account was banned' },
    text: {
      'zh-CN': '您的账户已于 {at} 被封禁，期限：{until}，原因：{reason}。在此期间无法登录；如有异议，请联系客服。',
      en: 'Your account was banned at {at}; until: {until}; reason: {reason}. Nobody can sign in to it meanwhile. If you object, write to the shop.',
    },
  },
  banLifted: {
    kind: 'transactional',
    subject: { 'zh-CN': '您的账户已解除封禁', en: 'Your account is no longer banned' },
    text: {
      'zh-CN': '您的账户已于 {at} 解除封禁，原因：{reason}。请重新登录。',
      en: 'Your account is no longer banned as of {at}; reason: {reason}. Sign in anew.',
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
        '您的密码已被他人知晓（例如出现在其他网站的泄露数据中）。请通过“忘记密码”设置一个新密码，且不要在其他网站使用。',
      en: 'Your password is known to others, as from a leak at another site. Set a new one by “forgotten password”, and use it nowhere else.',
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
      'zh-CN': '多次登录失败，账户登录已锁定至 {until}，再次失败会继续锁定，一天内只通知一次。重置密码可立即解锁。',
      en: 'After repeated failures sign-in is locked until {until}, and for longer after each further one; you are told once a day. Resetting your password unlocks it at once.',
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
} satisfies Readonly<Record<string, Template>>
