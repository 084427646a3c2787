import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMemberText } from '../../../adapters/gateways/json-span.js'

describe('the text of a member', () => {
  it.each([
    ['{"a":{"b":1},"sign":"x"}', 'a', '{"b":1}'],
    ['{ "a" : { "b" : "}\\"{" } , "sign":"x"}', 'a', '{ "b" : "}\\"{" }'],
    ['{"sign":"x","a":[1,{"a":2}]}', 'a', '[1,{"a":2}]'],
    ['{"a":-1.5e3}', 'a', '-1.5e3'],
    ['{"b":{"a":1}}', 'a', null],
    ['{"a":1,"a":2}', 'a', null],
    ['["a"]', 'a', null],
    ['{"a":{"b":1}', 'a', null],
    ['{"a":"x', 'a', null],
    ['{"a" 1}', 'a', null],
    ['', 'a', null],
  ])('of %s named %s is %s', (text, name, found) => {
    expect(readMemberText(text, name)).toBe(found)
  })

  it('is the same value as the member of the object, in whatever spaces', () => {
    const objects = fc.dictionary(fc.string({ unit: 'binary', maxLength: 4 }), fc.jsonValue({ maxDepth: 3 }), {
      minKeys: 1,
      maxKeys: 4,
    })
    fc.assert(
      fc.property(objects, fc.constantFrom(undefined, 1, '\t', '\r\n '), (object, spaces) => {
        const text = JSON.stringify(object, null, spaces)
        for (const [name, value] of Object.entries(JSON.parse(text))) {
          const found = readMemberText(text, name)
          expect(text).toContain(found)
          expect(JSON.parse(found ?? '')).toEqual(value)
        }
      }),
    )
  })
})
