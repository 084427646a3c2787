import type { Retention } from 'shopwright'
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
  for (const { name, retention, onErasure, fields } of shopPersonalRecords) {
    // The rows stay, and what is sealed in them is gone in the same time whether the account stands or not.
    if (onErasure.verdict === 'restrict') {
      expect([name, retention]).toEqual([name, { kind: 'withoutEnd' }])
      for (const field of fields) {
        expect([name, field.retention]).toEqual([name, { kind: 'daysAfterEnd', days: onErasure.days }])
      }
    }
    // What is kept without an end cannot be erased, and what is erased has one.
    expect([name, retention.kind === 'withoutEnd']).toEqual([
      name,
      retention.kind === 'withoutEnd' && onErasure.verdict !== 'erase',
    ])
  }
})

it('whatever is declared to be kept for so many days is removed by a sweep', () => {
  const swept = ({ retention }: { readonly retention: Retention }) => retention.kind === 'daysAfterEnd'
  const declared = shopPersonalRecords.flatMap((record) => [
    ...(swept(record) ? [record.name] : []),
    ...record.fields.filter(swept).map(({ path }) => `${record.name}.${path}`),
  ])
  // Each is shown to be gone in its time in retention.test.ts.
  expect(declared.sort()).toEqual([
    'message',
    'order.details.contact',
    'order.details.earlier.*.recipient',
    'order.details.proposed.recipient',
    'order.details.recipient',
    'returnRequest.details.description',
  ])
})
