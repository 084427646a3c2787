import { auditLog, entries, readFacts } from 'shopwright'
import { expect, it } from 'vitest'
import { namedCases } from './cases.js'
import { call, must, openShop } from './open-shop.js'
import { buildWorld } from './world.js'

it('an export holds every entry of the audit log that its person has made, and no session, code or request hides one', async () => {
  const world = await buildWorld(await openShop())
  const { shop, owner, ids, ports, now } = world
  // What ends the account comes last, and no other verb after it.
  const last = ['accounts.erase']
  const named = [...namedCases].sort(([one], [other]) => Number(last.includes(one)) - Number(last.includes(other)))
  for (const [name, { input }] of named) {
    await call(
      shop,
      name,
      owner.actor,
      input((id) => ids[id]),
    )
  }
  must(await shop.accounts.signOut(owner.token).orElse(() => shop.accounts.signOut(world.stranger.token)))
  const plan = { log: entries(auditLog, { where: [], limit: 1_000 }) }
  const { log } = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  const own = log.map(({ body }) => body).filter(({ actor }) => actor.startsWith('customer:'))
  expect(own.length).toBeGreaterThan(10)
  const hidden = own.filter(({ actor, subject }) => actor !== `customer:${subject}`)
  // A passkey that leads to nobody was refused: it counts against no account, of whoever tried it neither.
  expect([...new Set(hidden.map(({ action, outcome }) => `${action} ${outcome}`))]).toEqual([
    'accounts.finishPasskeySignIn refused',
  ])
})
