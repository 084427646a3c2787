import type { SubjectKeyStore } from 'shopwright'
import { type ContractCase, expectEqual, expectOk } from './assert.js'

/** What every store of keys kept apart holds to. */
export const keyStoreCases: readonly ContractCase<SubjectKeyStore>[] = [
  {
    name: 'gives the share that was put, and of a person it does not know none',
    run: async (create) => {
      const store = await create()
      expectEqual(expectOk(await store.get('acc_1'), 'get'), undefined, 'before')
      expectEqual(expectOk(await store.put('acc_1', 'share-1'), 'put'), 'share-1', 'put')
      expectEqual(expectOk(await store.get('acc_1'), 'get'), 'share-1', 'after')
      expectEqual(expectOk(await store.get('acc_2'), 'get'), undefined, 'another person')
    },
  },
  {
    name: 'keeps the first share of a person, also of many put at once, and answers it to all',
    run: async (create) => {
      const store = await create()
      const puts = Array.from({ length: 16 }, (_, index) => store.put('acc_1', `share-${index}`))
      const answers = (await Promise.all(puts)).map((put) => expectOk(put, 'put'))
      const kept = expectOk(await store.get('acc_1'), 'get')
      for (const answer of answers) expectEqual(answer, kept, 'the same for all')
    },
  },
  {
    name: 'destroys a share for good: none is put in its place, and to destroy it again changes nothing',
    run: async (create) => {
      const store = await create()
      expectOk(await store.put('acc_1', 'share-1'), 'put')
      expectOk(await store.put('acc_2', 'share-2'), 'put another')
      expectOk(await store.destroy('acc_1'), 'destroy')
      expectEqual(expectOk(await store.get('acc_1'), 'get'), undefined, 'gone')
      expectOk(await store.destroy('acc_1'), 'destroy again')
      expectEqual(expectOk(await store.put('acc_1', 'share-3'), 'put'), undefined, 'no other')
      expectOk(await store.destroy('acc_3'), 'destroy what is not there')
      expectEqual(expectOk(await store.put('acc_3', 'share-4'), 'put'), undefined, 'none before either')
      expectEqual(expectOk(await store.get('acc_2'), 'get'), 'share-2', 'another person')
    },
  },
]
