import { expect, it } from 'vitest'
import { openShop } from '../shop/open-shop.js'
import { readPage, tablesOf } from './page-tables.js'

/** What is told of on the page beside its table. */
const besideTable = ['runAll', 'replay', 'retrySetAside', 'erasedPeople', 'eraseAgain', 'verifyAudit', 'health']

it('the page on running a shop says of every task what it is for', async () => {
  const { shop } = await openShop()
  const page = readPage('docs/running.md')
  const [tasks] = tablesOf(page)
  const named = (tasks?.rows ?? []).map(([name = '']) => name.replaceAll('`', ''))
  expect([...named, ...besideTable].sort()).toEqual(Object.keys(shop.upkeep).sort())
  for (const name of besideTable) expect(page).toContain(`shop.upkeep.${name}(`.replace('replay(', 'replay`'))
})
