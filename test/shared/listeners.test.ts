import { describe, expect, it } from 'vitest'
import type { OutboxEvent } from '../../src/shared/events.js'
import { createListeners } from '../../src/shared/listeners.js'

const event = (type: string): OutboxEvent => ({
  id: `box/a/1/${type}`,
  shop: 'main',
  collection: 'box',
  rowId: 'a',
  version: 1,
  position: 0,
  partition: 0,
  type,
  at: 0,
  body: { type },
})

describe('listeners', () => {
  it('hear what they listen to, and no longer once they have ended it', () => {
    const listeners = createListeners()
    const heard: string[] = []
    const end = listeners.on('box/Made', ({ type }) => heard.push(`one ${type}`))
    const endAll = listeners.on('*', ({ type }) => heard.push(`all ${type}`))
    listeners.tell([event('Made'), event('Shut')])
    end()
    endAll()
    listeners.tell([event('Made')])
    expect(heard).toEqual(['one Made', 'all Made', 'all Shut'])
  })

  it('hear although one before them throws', () => {
    const listeners = createListeners()
    const heard: string[] = []
    listeners.on('box/Made', () => {
      throw new Error('a bug of the host')
    })
    listeners.on('box/Made', ({ type }) => heard.push(type))
    listeners.tell([event('Made')])
    expect(heard).toEqual(['Made'])
  })
})
