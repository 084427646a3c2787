import { expect } from 'vitest'
import { type OpenedShop, openShop, type Refusal } from './open-shop.js'

let opening: Promise<OpenedShop> | undefined

/** One empty shop for input that is refused before its storage is asked: that says nothing of a storage, and runs on one. */
export const unaskedShop = (): Promise<OpenedShop> => {
  opening ??= openShop()
  return opening
}

/** Sends something that the storage may not hear of, and that may not reach the prototype of all objects. */
export const expectUntouched = async (opened: OpenedShop, send: () => Promise<Refusal | undefined>) => {
  const before = { ...opened.counts }
  const refusal = await send()
  expect(opened.counts).toEqual(before)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  expect('polluted' in {}).toBe(false)
  return refusal
}
