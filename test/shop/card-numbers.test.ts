import { describe, expect, it } from 'vitest'
import { parseRecipient } from '../../src/orders/addresses/recipient.schema.js'
import { namedCases } from './cases.js'
import { at, everyPath, type Path, replaced, whoMay } from './inputs-of.js'
import { call } from './open-shop.js'
import { unaskedShop } from './unasked-shop.js'

const cards = ['4111111111111111', '4111 1111 1111 1111']

/**
 * What takes digits that may pass for a card number, and why it may: one in ten of the numbers that others give out would
 * else be refused. By verb and path, places in lists as `0`.
 */
const excepted: readonly (readonly [why: string, where: RegExp])[] = [
  ['an id, which is compared and not kept as it comes', /(Id|Ids\.\d+|: id)$/],
  [
    'what proves who somebody is',
    /([tT]oken|[pP]assword|[sS]ignature|authenticatorData|clientDataJson|attestationObject)$/,
  ],
  ['what proves who somebody is', /: (code|evidence|wallet|query)$/],
  ['how somebody is reached or signs in, judged by rules of its own', /^accounts\.\w+: (email|phone|identifier)$/],
  ['the number of an identity, which is asked about and not kept', /^accounts\.proveRealName: idNumber$/],
  [
    'what the host’s own systems number a delivery, a decision or an activity by',
    /^(inventory\.(receive|decideQuarantine)|membership\.recordActivity): reference$/,
  ],
  ['the number that an authority gave a case', /^accounts\.noteIncidentReport: reference$/],
  [
    'a name of the shop’s own, which has to be one of those that it knows',
    /^accounts\.\w+: (purpose|noticeVersion|records?(\.\d+)?)$/,
  ],
  [
    'what is searched for, and not kept',
    /^(catalog\.(searchProducts|suggest|listProducts|section)|storefront\.\w+|pricing\.shippingMethods|cart\.(viewCart|priceMyCart)|orders\.(list|bills|payees?)|inventory\.(levels|movements|stockOf)): (text|orderNumber|history\.\d+|filter\..+|channel|region|shipping\.region|payee|after\.payee|sku|skus\.\d+|warehouse)$/,
  ],
  ['searches of a device, of which one that holds a card number is left out', /^history\.merge: items\.\d+\.text$/],
  ['the number that a carrier gave a parcel', /^orders\.(ship|correctParcel): trackingNumber$/],
  ['the name of a photo', /^reviews\.(write|edit): photos\.\d+$/],
  ['what the host names a place or a payee', /^(inventory\.\w+: lines\.\d+\.warehouse|orders\.payOut: payee)$/],
  ['the number of an article, as its maker’s bar code', /^(inventory\.\w+: lines\.\d+\.sku|cart\.addLine: sku)$/],
  [
    'what the shop shows to everybody, bar codes among it',
    /^(catalog\.(saveProduct|saveCategory|publishSections)|promotions\.publishOffers|membership\.publish|pricing\.publish\w+): /,
  ],
]

const steps = (path: Path): string => path.join('.')
const whyNot = (place: string) => excepted.find(([, where]) => where.test(place))

const texts = namedCases.flatMap(([name, { input }]) => {
  const valid = input((id) => `absent-${id}`)
  return everyPath(valid)
    .filter((path) => typeof at(valid, path) === 'string' && !path.includes('source'))
    .map((path) => ({ name, valid, path, place: `${name}: ${steps(path)}` }))
})

describe('a card number in the place of a text', () => {
  it('is refused by every verb of every module, whichever text it is', async () => {
    const opened = await unaskedShop()
    const taken: string[] = []
    for (const { name, valid, path, place } of texts.filter((each) => whyNot(each.place) === undefined)) {
      for (const card of cards) {
        const answer = await call(opened.shop, name, whoMay(name), replaced(valid, path, card))
        const type = answer.match(
          () => 'taken',
          (refusal) => refusal.type,
        )
        if (type !== 'InvalidInput') taken.push(`${place} (${type})`)
      }
    }
    expect(taken).toEqual([])
    expect(texts.filter(({ place }) => whyNot(place) === undefined).length).toBeGreaterThan(120)
    const idle = excepted.filter((each) => !texts.some(({ place }) => whyNot(place) === each))
    expect(idle).toEqual([])
  })

  it('is refused in the purpose of staff, whatever they do', async () => {
    const { shop } = await unaskedShop()
    const clerk = { kind: 'staff', staffId: 's', roles: ['clerk'] } as const
    for (const purpose of ['to see about 4111 1111 1111 1111', 'x'.repeat(501)]) {
      const answer = await shop.orders.list({ actor: { ...clerk, purpose } })
      expect(answer._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput', issues: [{ path: 'actor.purpose' }] })
    }
  })

  it('is no telephone number, and every telephone number is one', () => {
    const to = { name: '王小明', region: 'CN-31', city: '上海', address: '世纪大道 1 号' }
    const takes = (phone: string) => parseRecipient({ ...to, phone }).isOk()
    for (const card of [...cards, '4222222222222', '378282246310005', '30569309025904', '+4111111111111111']) {
      expect(takes(card), card).toBe(false)
    }
    // With its country code the second passes the check of cards.
    for (const phone of ['13800138000', '+86 138 0000 0004', '021-6888 0000', '0086 13800000004', '8613800000004']) {
      expect(takes(phone), phone).toBe(true)
    }
  })
})
