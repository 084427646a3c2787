import * as shopwright from 'shopwright'
import { describe, expect, it } from 'vitest'
import { builtinCollections, builtinCounters, builtinLogs } from '../../../adapters/postgres/collections/builtin.js'

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
