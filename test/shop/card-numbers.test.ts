import { describe, expect, it } from 'vitest'
import { parseRecipient } from '../../src/orders/placing/recipient.schema.js'
import { namedCases } from './cases.js'
import { at, everyPath, type Path, replaced, whoMay } from './inputs-of.js'
import { call } from './open-shop.js'
import { unaskedShop } from './unasked-shop.js'

const cards = ['4111111111111111', '4111 1111 1111 1111']

// What is no text of a person: ids and what proves who somebody is, which are compared and not kept as they come; numbers
// that others give out (a parcel, a case of an authority, an identity), of which one in ten would pass for a card; and what
// is only searched for.
const noText =
  /(Id|Ids|[tT]oken|[pP]assword|Version|Number)$|^(id|attestationObject|authenticatorData|clientDataJson|signature|code|query|evidence|wallet|email|identifier|reference|record|records|purpose|payee|warehouse|text)$/

const nameOf = (path: Path): string => path.filter((step) => !/^\d+$/.test(step)).at(-1) ?? ''

const texts = namedCases
  // Its number is judged by the rules for telephone numbers once the session is known.
  .filter(([name]) => /^(orders|payments|aftersales|accounts)\.(?!requestBinding$)/.test(name))
  .flatMap(([name, { input }]) => {
    const valid = input((id) => `absent-${id}`)
    return everyPath(valid)
      .filter((path) => typeof at(valid, path) === 'string' && !path.includes('source') && !noText.test(nameOf(path)))
      .map((path) => ({ name, valid, path }))
  })

describe('a card number in the place of a text', () => {
  it('is refused by every verb of orders, payments, returns and accounts, whichever text it is', async () => {
    const opened = await unaskedShop()
    const taken: string[] = []
    for (const { name, valid, path } of texts) {
      for (const card of cards) {
        const answer = await call(opened.shop, name, whoMay(name), replaced(valid, path, card))
        const type = answer.match(
          () => 'taken',
          (refusal) => refusal.type,
        )
        if (type !== 'InvalidInput') taken.push(`${name}: ${path.join('.')} (${type})`)
      }
    }
    expect(taken).toEqual([])
    expect(texts.length).toBeGreaterThan(80)
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
