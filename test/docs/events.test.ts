import { fileURLToPath } from 'node:url'
import { errAsync } from 'neverthrow'
import type { HostReaction, ShopEvent } from 'shopwright'
import ts from 'typescript'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { readPage, tablesOf } from './page-tables.js'

const source = fileURLToPath(new URL('../../src/shop-events.ts', import.meta.url))

const onThePage = (): readonly string[] => {
  const [table] = tablesOf(readPage('docs/events.md'))
  return (table?.rows ?? []).flatMap(([collection = '', , types = '']) =>
    types.split(', ').map((type) => `${collection}/${type}`.replaceAll('`', '')),
  )
}

const inTheTypes = (): readonly string[] => {
  const program = ts.createProgram([source], {
    strict: true,
    types: [],
    lib: ['lib.es2022.d.ts'],
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
  })
  const names: string[] = []
  program.getSourceFile(source)?.forEachChild((node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== 'ShopEventName') return
    const type = program.getTypeChecker().getTypeAtLocation(node.name)
    if (type.isUnion()) names.push(...type.types.flatMap((each) => (each.isStringLiteral() ? [each.value] : [])))
  })
  return names
}

describe('the page on events', () => {
  it('lists every event that has a type, and no other', () => {
    const names = inTheTypes()
    expect(names.length).toBeGreaterThan(200)
    expect([...onThePage()].sort()).toEqual([...names].sort())
  })
})

it('knows by the name of an event what its body holds', () => {
  const paid: HostReaction<'order/OrderPaid'> = {
    name: 'test.paid',
    listensTo: ['order/OrderPaid'],
    react: (_, event) => {
      expectTypeOf(event.body.type).toEqualTypeOf<'OrderPaid'>()
      return errAsync({ type: event.type })
    },
  }
  const any: readonly HostReaction[] = [paid]
  expect(any).toHaveLength(1)
  expectTypeOf<ShopEvent<'product/ProductSaved'>['body']['productId']>().toBeString()
})
