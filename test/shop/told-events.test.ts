import { expect, it } from 'vitest'
import { readPage, tablesOf } from '../docs/page-tables.js'
import { openShop } from './open-shop.js'
import { buildWorld } from './world.js'

it('whatever is told while a shop is at work stands on the page of events', async () => {
  const [table] = tablesOf(readPage('docs/events.md'))
  const listed = new Map((table?.rows ?? []).map(([collection = '', , types = '']) => [collection, types]))
  const opened = await openShop()
  const told = new Set<string>()
  opened.shop.on('*', ({ collection, type }) => told.add(`${collection} ${type}`))
  await buildWorld(opened)
  expect(told.size).toBeGreaterThan(30)
  const missing = [...told].filter((name) => {
    const [collection = '', type = ''] = name.split(' ')
    return listed.get(`\`${collection}\``)?.includes(`\`${type}\``) !== true
  })
  expect(missing).toEqual([])
})
