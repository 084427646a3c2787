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

  it('end nothing where one of them rejects later', async () => {
    const listeners = createListeners()
    const rejected: unknown[] = []
    const note = (reason: unknown) => rejected.push(reason)
    process.on('unhandledRejection', note)
    listeners.on('box/Made', async () => {
      throw new Error('a bug of the host')
    })
    listeners.on('*', () => Promise.reject(new Error('another')))
    listeners.tell([event('Made')])
    // Rejections that nobody has handled are told after the microtasks, before the next turn.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(rejected).toEqual([])
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
