import type { Sealed, Sealer } from 'shopwright'
import { type ContractCase, expectEqual, expectErr, expectOk, expectTrue } from './assert.js'

const place = 'account/acc_1/email'
const text = 'li.ming@example.com 李明 \u{1F600}'

const expectUnreadable = (error: { readonly type: string }, what: string): void =>
  expectEqual(error.type, 'Unreadable', what)

const changed = (base64url: string): string => {
  const middle = Math.floor(base64url.length / 2)
  const other = base64url.charAt(middle) === 'A' ? 'B' : 'A'
  return `${base64url.slice(0, middle)}${other}${base64url.slice(middle + 1)}`
}

/** What every sealer holds to. */
export const sealerCases: readonly ContractCase<Sealer>[] = [
  {
    name: 'opens what it sealed',
    run: async (create) => {
      const sealer = await create()
      const key = expectOk(await sealer.createKey('acc_1'), 'key')
      const sealed = expectOk(await sealer.seal(key, place, text), 'seal')
      expectEqual(expectOk(await sealer.open(key, place, sealed), 'open'), text, 'text')
      const empty = expectOk(await sealer.seal(key, place, ''), 'seal nothing')
      expectEqual(expectOk(await sealer.open(key, place, empty), 'open nothing'), '', 'nothing')
    },
  },
  {
    name: 'survives being stored as JSON, with nothing of the text in it',
    run: async (create) => {
      const sealer = await create()
      const key = expectOk(await sealer.createKey('acc_1'), 'key')
      const stored = JSON.stringify({ key, sealed: expectOk(await sealer.seal(key, place, text), 'seal') })
      expectTrue(!stored.includes('li.ming') && !stored.includes('李明'), 'the text shows')
      const read: { key: typeof key; sealed: Sealed } = JSON.parse(stored)
      expectEqual(expectOk(await sealer.open(read.key, place, read.sealed), 'open'), text, 'text')
    },
  },
  {
    name: 'seals the same text otherwise each time',
    run: async (create) => {
      const sealer = await create()
      const key = expectOk(await sealer.createKey('acc_1'), 'key')
      const first = expectOk(await sealer.seal(key, place, text), 'seal')
      const second = expectOk(await sealer.seal(key, place, text), 'seal')
      expectTrue(first.sealed.data !== second.sealed.data, 'equal data')
      expectTrue(first.sealed.nonce !== second.sealed.nonce, 'equal nonces')
    },
  },
  {
    name: 'opens nothing at another place',
    run: async (create) => {
      const sealer = await create()
      const key = expectOk(await sealer.createKey('acc_1'), 'key')
      const sealed = expectOk(await sealer.seal(key, place, text), 'seal')
      expectUnreadable(expectErr(await sealer.open(key, 'account/acc_2/email', sealed), 'open'), 'another place')
    },
  },
  {
    name: 'opens nothing with the key of another person, nor with a key given another name',
    run: async (create) => {
      const sealer = await create()
      const key = expectOk(await sealer.createKey('acc_1'), 'key')
      const other = expectOk(await sealer.createKey('acc_2'), 'key')
      const sealed = expectOk(await sealer.seal(key, place, text), 'seal')
      expectUnreadable(expectErr(await sealer.open(other, place, sealed), 'open'), 'another person')
      const renamed = { ...key, subjectId: 'acc_2' }
      expectUnreadable(expectErr(await sealer.open(renamed, place, sealed), 'open'), 'renamed')
    },
  },
  {
    name: 'finds out any change, and a shortened tag',
    run: async (create) => {
      const sealer = await create()
      const key = expectOk(await sealer.createKey('acc_1'), 'key')
      const { sealed } = expectOk(await sealer.seal(key, place, text), 'seal')
      const forged = [
        { ...sealed, data: changed(sealed.data) },
        { ...sealed, nonce: changed(sealed.nonce) },
        { ...sealed, data: sealed.data.slice(0, -16) },
        { ...sealed, data: '' },
        { ...sealed, nonce: '' },
        { ...sealed, data: '!' },
        { ...sealed, scheme: sealed.scheme + 1 },
      ]
      for (const each of forged) {
        const opened = await sealer.open(key, place, { sealed: each })
        expectUnreadable(expectErr(opened, 'open'), JSON.stringify(each))
      }
    },
  },
]
