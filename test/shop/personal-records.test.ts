import { expect, it } from 'vitest'
import { shopPersonalRecords } from '../../src/shop-personal-records.js'

const lasts = { untilDone: 0, untilErased: 1, daysAfterEnd: 2, withoutEnd: 3 } as const

it('a record of people is as sensitive as its most sensitive field, and is kept no shorter than any', () => {
  expect(shopPersonalRecords.length).toBeGreaterThan(30)
  for (const { name, sensitivity, retention, fields } of shopPersonalRecords) {
    const isSensitive = fields.some((field) => field.sensitivity === 'sensitive')
    if (isSensitive) expect([name, sensitivity]).toEqual([name, 'sensitive'])
    for (const field of fields) {
      expect([name, field.path, lasts[field.retention.kind] <= lasts[retention.kind]]).toEqual([name, field.path, true])
    }
  }
})

it('a record is kept for as long as its erasure says', () => {
  for (const { name, retention, onErasure } of shopPersonalRecords) {
    if (onErasure.verdict === 'restrict') {
      expect([name, retention]).toEqual([name, { kind: 'daysAfterEnd', days: onErasure.days }])
    }
    if (onErasure.verdict === 'erase') {
      expect([name, ['untilDone', 'untilErased'].includes(retention.kind)]).toEqual([name, true])
    }
    // What is kept without an end cannot be erased.
    if (retention.kind === 'withoutEnd') expect([name, onErasure.verdict]).toEqual([name, 'anonymise'])
  }
})
