import * as shopwright from 'shopwright'
import { describe, expect, it } from 'vitest'
import { builtinCollections, builtinCounters, builtinLogs } from '../../../adapters/postgres/collections/builtin.js'
import { columnOf } from '../../../adapters/postgres/ddl.js'
import { shopPersonalRecords } from '../../../src/shop-personal-records.js'

/** Names of the exported values that have all of the members, and none of the others. */
const exportedWith = (members: readonly string[], without: readonly string[] = []): readonly string[] =>
  Object.values(shopwright)
    .filter((value): value is typeof value & { readonly name: string } => typeof value === 'object' && value !== null)
    .filter((value) => members.every((member) => Object.hasOwn(value, member)))
    .filter((value) => !without.some((member) => Object.hasOwn(value, member)))
    .map(({ name }) => name)
    .sort()

describe('what the package stores', () => {
  it('has a table for every collection', () => {
    const exported = exportedWith(['name', 'rank', 'schemaVersion', 'parse'])
    expect(exported.length).toBeGreaterThan(20)
    expect(builtinCollections.map(({ collection }) => collection.name).sort()).toEqual(exported)
  })

  it('has a table for every family of counters', () => {
    const exported = exportedWith(['name', 'rank', 'minimum'])
    expect(exported.length).toBeGreaterThan(3)
    expect(builtinCounters.map(({ family }) => family.name).sort()).toEqual(exported)
  })

  it('has a table for every log', () => {
    const exported = exportedWith(['name', 'fields', 'parse'], ['rank'])
    expect(exported.length).toBeGreaterThan(3)
    expect(builtinLogs.map(({ log }) => log.name).sort()).toEqual(exported)
  })
})

describe('what a shop is asked of a person', () => {
  const tables = [
    ...builtinCollections.map((table) => ({ ...table, name: table.collection.name, fields: table.collection.fields })),
    ...builtinLogs.map((table) => ({ ...table, name: table.log.name, fields: table.log.fields })),
  ]

  it.each(shopPersonalRecords)('is found in $name by an index, or by its id', (record) => {
    const { query } = record.ask('acc_1', { limit: 1 })
    if (query?.kind !== 'find' && query?.kind !== 'entries') {
      expect(query?.kind).toBe('rows')
      return
    }
    const field = query.search.where[0]?.field
    const asked = query.kind === 'find' ? query.collection.name : query.log.name
    const table = tables.find(({ name }) => name === asked)
    if (field === undefined || table === undefined) expect.unreachable(`${record.name} has no table`)
    const starts = [
      ...Object.keys(table.fields)
        .filter((name) => table.indexed === undefined || table.indexed.includes(name))
        .map((name) => `(shop, ${columnOf(name)}`),
      ...Object.values(table.indexes ?? {}),
    ]
    // A list of texts has an index over what stands in it, which is not by the shop.
    expect(starts.some((rest) => new RegExp(`^\\(shop, ${columnOf(field)}\\b`).test(rest))).toBe(true)
  })
})
