import { type Actor, auditLog, createShop, entries, type RolePolicy, readFacts } from 'shopwright'
import { expect, it } from 'vitest'
import { cases, namedCases } from './cases.js'
import { call, must, openShop } from './open-shop.js'
import { buildWorld, by, privateTexts, recipient, type World } from './world.js'

const names = ['care', 'legalHold', 'incidents', 'privacy'] as const
const roles: RolePolicy = { care: { may: ['*'], sees: ['*'] } }
const silent: Actor = { kind: 'staff', staffId: 'sue', roles: names }
const said: Actor = { ...silent, purpose: 'ticket 4711' }

/** What is sealed of the two people of the world. */
const sealedTexts = [
  ...['Olivia', 'olivia@example.com', 'Steve', 'steve@example.com', 'The lid does not close'],
  ...[recipient.name, recipient.phone, recipient.address],
]

/** Verbs of which staff are told what is sealed, once they say why. One more is one more to be asked for a purpose and noted. */
const telling = [
  'accounts.customer',
  'accounts.exportData',
  'aftersales.returnPage',
  'orders.page',
  'storefront.orderWithReturns',
]

/** Verbs that tell or change what is sealed of one person, and are refused without a purpose, whatever there is. */
const refusedSilent = [
  'accounts.correctProfile',
  'accounts.erase',
  'accounts.erasurePlan',
  'accounts.exportData',
  'accounts.readHeld',
  'accounts.requestPrivacy',
]

const notedOf = async ({ ports, now }: World, action: string): Promise<readonly string[]> => {
  const plan = { log: entries(auditLog, { where: [{ field: 'at', is: 'gt', value: 0 }], limit: 1_000 }) }
  const facts = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  const looks = facts.log.map(({ body }) => body).filter((body) => body.actor === 'staff:sue' && body.action === action)
  return looks.map(({ outcome, purpose }) => `${outcome} ${purpose}`)
}

it('no verb tells staff what is sealed of people unless they say why, and whichever does stands in the log with the purpose', async () => {
  const world = await buildWorld(await openShop())
  const shop = createShop({ ...world.ports, roles })
  const { accountId } = world.ids
  const asked = { kind: 'access', onBehalf: { accountId, askedBy: 'person' } } as const
  const { requestId } = must(await shop.accounts.requestPrivacy(by(said), asked))
  const told = new Set<string>()
  const refused = new Set<string>()
  const look = async (name: string, actor: Actor, input: unknown, key?: null) => {
    const answer = await call(shop, name, actor, input, key)
    const tag = answer.match(
      () => 'ok',
      ({ type }) => type,
    )
    if (tag === 'PurposeMissing') refused.add(name)
    const text = JSON.stringify(answer)
    return sealedTexts.filter((each) => text.includes(each))
  }
  // Without a key no command is taken: questions first, on the world as it was built; then all, whatever they change.
  for (const key of [null, undefined]) {
    for (const [name, each] of namedCases) {
      const onRequest = { onRequest: { requestId, accountId } }
      const input = name === 'accounts.exportData' ? onRequest : each.input((id) => world.ids[id])
      expect(await look(name, silent, input, key), `${name} without a purpose`).toEqual([])
      const before = (await notedOf(world, name)).length
      if ((await look(name, said, input, key)).length === 0) continue
      told.add(name)
      const noted = await notedOf(world, name)
      expect(noted.length, name).toBe(before + 1)
      expect(noted, name).toContain('done ticket 4711')
    }
  }
  expect([...told].sort()).toEqual(telling)
  expect([...refused].sort()).toEqual(refusedSilent)
})

// What everybody is told alike is no look at anybody.
const isPublic = (name: string) => cases[name as keyof typeof cases].about === 'public'

it('whatever answers staff with something of a person stands in the log, with whoever asked and why', async () => {
  const world = await buildWorld(await openShop())
  const shop = createShop({ ...world.ports, roles })
  const texts = privateTexts(world)
  const looked: string[] = []
  const unnoted: string[] = []
  for (const [name, { input }] of namedCases.filter(([each]) => !isPublic(each))) {
    // Without a key no command is taken.
    const asked = input((id) => world.ids[id])
    const answer = await call(shop, name, said, asked, null)
    const text = answer.match(
      (told) => JSON.stringify(told),
      () => '',
    )
    if (!texts.some((each) => text.includes(each))) continue
    looked.push(name)
    const noted = await notedOf(world, name)
    if (noted.join() !== 'done ticket 4711') unnoted.push(name)
  }
  expect(unnoted).toEqual([])
  expect(looked).toEqual(expect.arrayContaining(['orders.list', 'orders.bills', 'payments.list', 'aftersales.list']))
})
