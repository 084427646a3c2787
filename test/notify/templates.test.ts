import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { notifyMessages } from '../../src/notify/messages.js'
import { templateNames, templates, writeMessage } from '../../src/notify/templates.js'

describe('the templates', () => {
  it('say the same facts in both languages', () => {
    const factsIn = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
    for (const name of templateNames) {
      const { subject, text } = templates[name]
      expect(factsIn(text.en), name).toEqual(factsIn(text['zh-CN']))
      expect(factsIn(subject.en), name).toEqual(factsIn(subject['zh-CN']))
    }
  })

  it('cover codes, payment, shipment, refund and the end of an order', () => {
    expect(templateNames).toEqual(
      expect.arrayContaining([
        'activationCode',
        'resetCode',
        'paymentSucceeded',
        'paymentFailed',
        'orderShipped',
        'parcelLate',
        'refundSucceeded',
        'orderClosed',
      ]),
    )
  })

  it('write amounts, moments and texts in the reader’s language', () => {
    const facts = {
      orderNumber: '2026-1',
      amount: { minor: 129_950, currency: 'CNY' },
      method: { en: 'Bank transfer', 'zh-CN': '银行转账' },
      reason: { en: 'The bank said no.', 'zh-CN': '银行拒绝。' },
      payBy: { at: Date.UTC(2026, 10, 22, 3, 4) },
    }
    expect(writeMessage('paymentFailed', facts, { locale: 'en' })).toEqual({
      subject: 'Payment of order 2026-1 failed',
      text: 'The payment of CN¥1,299.50 by Bank transfer for order 2026-1 did not succeed. The bank said no. The order is kept for you until 2026-11-22 03:04 UTC; please pay by then.',
    })
    expect(writeMessage('paymentFailed', facts, { locale: 'zh-CN', utcOffsetMinutes: 480 })).toEqual({
      subject: '订单 2026-1 支付未成功',
      text: '订单 2026-1 的付款 ¥1,299.50（银行转账）未成功。银行拒绝。订单为您保留至 2026-11-22 11:04 +08:00，请在此之前完成支付。',
    })
    const inTokyo = { ...facts, payBy: { at: Date.UTC(2026, 10, 22, 3, 4), utcOffsetMinutes: 540 } }
    expect(writeMessage('paymentFailed', inTokyo, { locale: 'en', utcOffsetMinutes: 480 }).text).toContain(
      'until 2026-11-22 12:04 +09:00;',
    )
    const offer = { title: { en: 'Tea week', 'zh-CN': '茶叶周' }, until: { at: 0 } }
    expect(writeMessage('offerAnnounced', offer, { locale: 'zh-CN' }).subject).toBe('茶叶周')
  })

  it('fill in each fact once, so that a fact cannot ask for another or for the code', () => {
    const facts = { orderNumber: '{code}{amount}', amount: 1 }
    const { text } = writeMessage('paymentSucceeded', facts, { locale: 'en', code: '123456' })
    expect(text).toContain('{code}{amount}')
    expect(text).not.toContain('123456')
  })

  it('leave a fact that is missing standing, whatever it is called', () => {
    fc.assert(
      fc.property(fc.constantFrom(...templateNames), fc.constantFrom('en', 'zh-CN'), (name, locale) => {
        const written = writeMessage(name, {}, { locale })
        expect(written).toEqual({ subject: templates[name].subject[locale], text: templates[name].text[locale] })
      }),
    )
  })

  it('and the refusals have a text in both languages', () => {
    for (const text of Object.values(notifyMessages)) {
      expect(text.en).not.toBe('')
      expect(text['zh-CN']).toMatch(/\p{Script=Han}/u)
    }
  })
})
