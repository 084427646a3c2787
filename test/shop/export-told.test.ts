import { errAsync } from 'neverthrow'
import { type Actor, auditLog, createShop, entries, readFacts } from 'shopwright'
import { expect, it } from 'vitest'
import { must, openShop } from './open-shop.js'
import { by, join, password } from './world.js'

const hour = 3_600_000
const thief = { address: '203.0.113.7', device: 'a stranger’s' }

const open = async () => {
  const opened = await openShop()
  const { shop, ports, mailbox, now } = opened
  const ann = await join(opened, 'ann@example.com', 'Ann')
  /** Another sign-in of the same person. */
  const signIn = async (): Promise<Actor> => {
    const visitor = by({ kind: 'guest', guestId: 'g' })
    const { token } = must(await shop.accounts.signIn(visitor, { identifier: ann.email, password }))
    return must(await shop.accounts.actorOf(token)).actor
  }
  const noted = async () => {
    const where = [{ field: 'subject', is: 'eq', value: ann.accountId }] as const
    const plan = { log: entries(auditLog, { where, limit: 100 }) }
    const facts = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
    return facts.log.map(({ body }) => body).filter(({ action }) => action === 'accounts.exportData')
  }
  const told = async () => {
    must(await shop.upkeep.sendMessages())
    return mailbox.filter(({ text }) => text.includes('was exported from your account'))
  }
  return { ...opened, ann, signIn, noted, told }
}

it('whoever carries off all data of a person is noted with from where they came, and the person is told', async () => {
  const { shop, ann, signIn, noted, told } = await open()
  const actor = await signIn()
  must(await shop.accounts.exportData({ actor, origin: thief }, {}))
  const [entry, ...others] = await noted()
  expect(others).toEqual([])
  expect(entry).toMatchObject({ actor: `customer:${ann.accountId}`, outcome: 'done' })
  expect(entry?.origin?.network).toMatch(/.{20}/)
  expect(entry?.origin?.device).toMatch(/.{20}/)
  expect((await told()).map(({ to }) => to)).toEqual([ann.email])
})

it('it is told once a session and hour, whichever page is asked for first', async () => {
  const { shop, ann, signIn, pass, noted, told } = await open()
  const actor = await signIn()
  // Whoever leaves the first page out has the rest.
  for (const record of ['order', 'addressBook', 'account'])
    must(await shop.accounts.exportData({ actor, origin: thief }, { after: { record } }))
  expect(await noted()).toHaveLength(1)
  expect(await told()).toHaveLength(1)
  const other = await signIn()
  must(await shop.accounts.exportData({ actor: other }, {}))
  expect(await noted()).toHaveLength(2)
  pass(hour)
  const again = await signIn()
  await Promise.all([1, 2, 3].map(() => shop.accounts.exportData({ actor: again }, {})))
  expect((await told()).map(({ to }) => to)).toEqual([ann.email, ann.email, ann.email])
  expect(must(await shop.upkeep.verifyAudit())).toMatchObject({ intact: true })
})

it('nothing is given of which nothing can be noted', async () => {
  const { ports, signIn } = await open()
  const actor = await signIn()
  const gone = { type: 'StorageUnavailable', detail: 'gone' } as const
  const shop = createShop({ ...ports, storage: { ...ports.storage, commit: () => errAsync(gone) } })
  expect((await shop.accounts.exportData({ actor }, {}))._unsafeUnwrapErr().type).toBe('StorageUnavailable')
})
