import { errAsync } from 'neverthrow'
import { type Actor, createShop, shopAccess } from 'shopwright'
import { describe, expect, inject, it } from 'vitest'
import type { Case } from './case.js'
import { cases, namedCases } from './cases.js'
import { actorless, call, openShop, verbNames } from './open-shop.js'
import { rowsOf } from './rows-of.js'
import { anonymous, buildWorld, clerk, join, privateTexts, type World } from './world.js'

type Begun = { readonly world: World; before: readonly string[] }

const begin = async (): Promise<Begun> => {
  const world = await buildWorld(await openShop())
  return { world, before: await rowsOf(world) }
}

let building: Promise<Begun> | undefined
/** One world for the tests of this file that leave the owner's rows alone, and the rows that each must find and leave. */
const shared = (): Promise<Begun> => {
  building ??= begin()
  return building
}

const sharedWorld = async (): Promise<World> => (await shared()).world

/** Whoever changes the rows is told of it, and nobody who comes after. */
const expectUnchanged = async (begun: Begun): Promise<void> => {
  const { before } = begun
  begun.before = await rowsOf(begun.world)
  expect(begun.before).toEqual(before)
}

let unwritten: { readonly world: World; readonly commits: number } | undefined
/** A world as it was built; the next test has it too, unless this one writes. */
const unwrittenWorld = async (): Promise<World> => {
  if (unwritten === undefined || unwritten.world.counts.commits !== unwritten.commits) {
    const world = await buildWorld(await openShop())
    unwritten = { world, commits: world.counts.commits }
  }
  return unwritten.world
}

const grants: ReadonlyMap<string, Readonly<Partial<Record<Actor['kind'], string>>>> = new Map(
  Object.entries(shopAccess),
)
const grantOf = (name: string) => grants.get(name) ?? {}

const everyKind: readonly Actor[] = [
  { kind: 'guest', guestId: 'passer-by' },
  { kind: 'customer', accountId: 'account_of_somebody' },
  { kind: 'merchant', merchantId: 'other-seller' },
  { kind: 'staff', staffId: 'intern', roles: ['legalHold'] },
  { kind: 'system', reason: 'timer' },
]

/** Everybody who is neither the owner nor of the shop and may ask at all; the last takes the owner's id for a visitor's. */
const strangersFor = (name: string, world: World): readonly (readonly [string, Actor])[] => {
  const strangers: readonly (readonly [string, Actor])[] = [
    ['another customer', world.stranger.actor],
    ['a visitor', { kind: 'guest', guestId: 'passer-by' }],
    ['another merchant', { kind: 'merchant', merchantId: 'other-seller' }],
    ['a visitor under the id of the owner', { kind: 'guest', guestId: world.owner.accountId }],
  ]
  return strangers.filter(([, { kind }]) => grantOf(name)[kind] !== undefined)
}

const casesAbout = (...about: readonly Case['about'][]) => namedCases.filter(([, each]) => about.includes(each.about))

// A case that needs a world of its own is played over memory: whom its verb answers is decided before any storage is asked,
// and what a storage shows to whom is asked by all others.
const isCheap = inject('storage') === 'memory'

describe('the matrix', () => {
  it('has a case for every verb of the shop, and no other', async () => {
    const { shop } = await openShop()
    expect([...Object.keys(cases), ...Object.keys(actorless)].sort()).toEqual([...verbNames(shop)].sort())
  })

  it('leaves no grant that no verb asks for, and no verb without a grant', () => {
    expect(Object.keys(shopAccess).sort()).toEqual(Object.keys(cases).sort())
  })

  it('names as the work of staff exactly what is granted to nobody else', () => {
    const staffOnly = namedCases.filter(([name]) =>
      Object.keys(grantOf(name)).every((kind) => kind === 'staff' || kind === 'staffRoles' || kind === 'system'),
    )
    expect(staffOnly.map(([name]) => name)).toEqual(casesAbout('shop').map(([name]) => name))
  })
})

/** Nothing was read for whoever was denied; that staff and merchants tried is noted, by one commit. */
const expectNotRead = ({ counts }: World, before: World['counts'], { kind }: Actor): void => {
  const commits = before.commits + (kind === 'staff' || kind === 'merchant' ? 1 : 0)
  expect(counts, kind).toEqual({ reads: before.reads, commits })
}

describe('an actor who may not', () => {
  it.each(namedCases)('is denied %s before anything is read', async (name, { input }) => {
    const world = await sharedWorld()
    for (const actor of everyKind.filter(({ kind }) => grantOf(name)[kind] === undefined)) {
      const before = { ...world.counts }
      const answer = await call(
        world.shop,
        name,
        actor,
        input((id) => world.ids[id]),
      )
      expect(answer._unsafeUnwrapErr(), actor.kind).toEqual({ type: 'Denied', action: name })
      expectNotRead(world, before, actor)
    }
  })

  it.each(namedCases)('is denied %s by a host that denies everything, whoever asks', async (name, { input }) => {
    const world = await sharedWorld()
    const closed = createShop({
      ...world.ports,
      authorizer: { authorize: (_, action) => errAsync({ type: 'Denied', action }) },
    })
    for (const actor of [...everyKind, world.owner.actor]) {
      const before = { ...world.counts }
      const answer = await call(
        closed,
        name,
        actor,
        input((id) => world.ids[id]),
      )
      expect(answer._unsafeUnwrapErr(), actor.kind).toEqual({ type: 'Denied', action: name })
      expectNotRead(world, before, actor)
    }
  })
})

describe('the authorizer', () => {
  it.each(namedCases)('is asked once about %s, by that name', async (name, { input }) => {
    const world = await sharedWorld()
    const elsewhere = createShop({ ...world.ports, shop: `asks-${name}` })
    world.asked.length = 0
    const [kind] = Object.keys(grantOf(name))
    const actor = everyKind.find((each) => each.kind === kind) ?? clerk
    const answer = await call(
      elsewhere,
      name,
      actor,
      input((id) => world.absent[id]),
    )
    expect(world.asked).toEqual([name])
    // The input has the verb's shape, so that every refusal above and below is about who asks.
    expect(
      answer.match(
        () => 'ok',
        ({ type }) => type,
      ),
    ).not.toBe('InvalidInput')
  })
})

describe('a stranger', () => {
  it.each(casesAbout('row').filter(([, each]) => isCheap || each.tellsNobody !== true))(
    'learns nothing by %s of a row that is not theirs, and changes nothing',
    async (name, each) => {
      const { input } = each
      // What spends a budget of the address it names starts from a fresh one.
      const begun = await (each.tellsNobody ? begin() : shared())
      const { world } = begun
      const strangers = strangersFor(name, world)
      expect(strangers).not.toEqual([])
      for (const [who, actor] of strangers) {
        const onOwned = await call(
          world.shop,
          name,
          actor,
          input((id) => world.ids[id]),
        )
        const onAbsent = await call(
          world.shop,
          name,
          actor,
          input((id) => world.absent[id]),
        )
        expect(anonymous(world, onOwned), who).toBe(anonymous(world, onAbsent))
        // The action is granted, so `Denied` would say that the row is there.
        if (each.tellsNobody !== true)
          expect(
            onOwned.match(
              () => 'ok',
              ({ type }) => type,
            ),
            who,
          ).toBe(each.absentIs ?? 'NotFound')
      }
      await expectUnchanged(begun)
    },
  )

  it.each(casesAbout('row').filter(([, each]) => isCheap && each.tellsNobody !== true))(
    'is told something else by %s than who reaches the row',
    async (name, { input, reachedBy }) => {
      const world = await unwrittenWorld()
      const actor = reachedBy === 'staff' ? clerk : world.owner.actor
      const onAbsent = await call(
        world.shop,
        name,
        actor,
        input((id) => world.absent[id]),
      )
      const onOwned = await call(
        world.shop,
        name,
        actor,
        input((id) => world.ids[id]),
      )
      expect(anonymous(world, onOwned)).not.toBe(anonymous(world, onAbsent))
    },
  )

  it.each(casesAbout('own'))('reaches by %s only what is their own', async (name, { input }) => {
    const begun = await shared()
    const { world } = begun
    const newcomer = await join(world, `newcomer-${name.toLowerCase()}@example.com`, 'Nora Newcomer')
    const strangers = strangersFor(name, world).map(([who, actor]): readonly [string, Actor] =>
      actor.kind === 'customer' ? [who, newcomer.actor] : [who, actor],
    )
    expect(strangers).not.toEqual([])
    for (const [who, actor] of strangers) {
      const answer = JSON.stringify(
        await call(
          world.shop,
          name,
          actor,
          input((id) => world.ids[id]),
        ),
      )
      const echoed = actor.kind === 'guest' ? actor.guestId : ''
      for (const text of privateTexts(world)) if (text !== echoed) expect(answer, who).not.toContain(text)
    }
    await expectUnchanged(begun)
  })

  it.each(casesAbout('public'))('is told by %s what everybody is told', async (name, { input }) => {
    const world = await sharedWorld()
    const answers = []
    for (const [, actor] of [['', world.owner.actor] as const, ...strangersFor(name, world)]) {
      answers.push(
        await call(
          world.shop,
          name,
          actor,
          input((id) => world.ids[id]),
        ),
      )
    }
    // How many coupons one may still have oneself is the one thing that each is told of their own.
    const told = answers.map((answer) => anonymous(world, answer).replaceAll(/"leftForCustomer":\d+/g, ''))
    expect(new Set(told).size).toBe(1)
    for (const text of privateTexts(world)) expect(JSON.stringify(answers)).not.toContain(text)
  })
})

describe('another shop on the same storage', () => {
  it.each(namedCases)('sees by %s nothing of the first, and changes nothing of it', async (name, { input }) => {
    const begun = await shared()
    const { world } = begun
    const actors = [world.owner.actor, clerk].filter(({ kind }) => grantOf(name)[kind] !== undefined)
    for (const actor of actors) {
      // A shop of its own for each call, so that neither call finds what the other left.
      const inShop = (which: string) => createShop({ ...world.ports, shop: `${which}-${name}-${actor.kind}` })
      const onOwned = await call(
        inShop('one'),
        name,
        actor,
        input((id) => world.ids[id]),
      )
      const onAbsent = await call(
        inShop('two'),
        name,
        actor,
        input((id) => world.absent[id]),
      )
      expect(anonymous(world, onOwned), actor.kind).toBe(anonymous(world, onAbsent))
    }
    await expectUnchanged(begun)
  })

  it('knows no token of the first', async () => {
    const world = await sharedWorld()
    const other = createShop({ ...world.ports, shop: 'other' })
    expect((await other.accounts.actorOf(world.owner.token))._unsafeUnwrapErr()).toEqual({ type: 'SessionRefused' })
    expect((await other.accounts.signOut(world.owner.token))._unsafeUnwrapErr()).toEqual({ type: 'SessionRefused' })
    expect((await world.shop.accounts.actorOf(world.owner.token))._unsafeUnwrap().actor).toEqual(world.owner.actor)
  })

  it('does none of the first one’s upkeep', async () => {
    const begun = await shared()
    const { world } = begun
    const other = createShop({ ...world.ports, shop: 'other' })
    await other.upkeep.relay({ worker: 'other' })
    await other.upkeep.closeUnpaidOrders({ limit: 100 })
    await other.upkeep.settlePayments({ limit: 100 })
    await other.upkeep.settleRefunds({ limit: 100 })
    await other.upkeep.advanceOrders({ limit: 100 })
    await other.upkeep.markLateParcels({ limit: 100 })
    await other.upkeep.sweepCoupons({ limit: 100 })
    await other.upkeep.sweepPoints({ limit: 100 })
    await other.upkeep.sweepMembers({ limit: 100 })
    await other.upkeep.tellExpiringPoints({ limit: 100 })
    await other.upkeep.rankProducts({ limit: 100 })
    await expectUnchanged(begun)
  })
})
