import type { Template } from './template.js'

/** Messages about what a shop offers: coupons, benefits, carts, points. */
export const offerTemplates = {
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
