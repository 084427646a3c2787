import { expect, it } from 'vitest'
import { readPage, tablesOf } from '../docs/page-tables.js'
import { bodyShapes } from '../docs/told-types.js'
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

it('whatever is told while a shop is at work holds what its type says, and nothing else', async () => {
  const shapes = bodyShapes()
  const opened = await openShop()
  const wrong = new Map<string, string>()
  opened.shop.on('*', ({ collection, type, body }) => {
    const name = `${collection}/${type}`
    const told = Object.keys(body)
    const fits = (shapes.get(name) ?? []).some(
      ({ required, optional }) =>
        required.every((member) => told.includes(member)) &&
        told.every((member) => required.includes(member) || optional.includes(member)),
    )
    if (!fits) wrong.set(name, told.join(', '))
  })
  await buildWorld(opened)
  expect([...wrong]).toEqual([])
})
