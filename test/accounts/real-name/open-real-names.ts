import {
  defaultAccountsPolicy,
  proveRealName,
  readFacts,
  realNameProofs,
  residentIdCheck,
  row,
  setConsent,
} from 'shopwright'
import { createScriptedRealNames } from '../../support/scripted-real-names.js'
import { unchecked } from '../../support/unchecked.js'
import { must, type OpenAccounts, type OpenOptions, openAccounts } from '../open-accounts.js'

export const consents = {
  ...defaultAccountsPolicy.consents,
  realName: { noticeVersion: 'v2' },
  realNameFace: { noticeVersion: null },
}
export const idNumber = '11010519491231002X'
export const name = '金丝雀李明'
export const card = { kind: 'idCard', name, idNumber } as const
export const childNumber = `11010520150630001${residentIdCheck('11010520150630001')}`

/** A shop whose verifier follows a script, and one person in it. */
export const openWith = async (verifier = createScriptedRealNames(), options: Pick<OpenOptions, 'policy'> = {}) => {
  const shop = await openAccounts({ realNames: verifier.verifier, policy: { consents }, ...options })
  await shop.join('li@example.com')
  const actor = await shop.actor('li@example.com')
  const agree = async (purpose = 'realName', decision: 'given' | 'withdrawn' = 'given', noticeVersion = 'v2') => {
    shop.pass(1)
    must(await setConsent(shop.ports, shop.as(actor), { purpose, decision, noticeVersion }))
  }
  const prove = async (input: object = card) => proveRealName(shop.ports, shop.as(actor), unchecked(input))
  const accountId = actor.kind === 'customer' ? actor.accountId : ''
  return { shop, actor, accountId, agree, prove, ...verifier }
}

export const proofOf = async (shop: OpenAccounts, accountId: string) => {
  const plan = { proof: row(realNameProofs, accountId) }
  return must(await readFacts(shop.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan })).proof
}
