import { expect, it } from 'vitest'
import { askMemberLevel } from '../../src/membership/ask-member-level.js'
import { members } from '../../src/membership/member.collection.schema.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { enter, opening, openProgramme } from './open-programme.js'

it('tells the level of a member, with what relies on it, and none of a stranger', async () => {
  const ports = await openProgramme()
  await enter(ports, 'ann')
  const plan = { ann: askMemberLevel('ann', opening), bob: askMemberLevel('bob', opening) }
  const read = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: opening, plan })
  const { ann, bob } = read._unsafeUnwrap()
  expect(ann).toMatchObject({
    levelId: 'ordinary',
    relied: [{ kind: 'expect', key: { collection: members.name, id: 'ann' } }],
  })
  expect(bob).toEqual({ levelId: null, relied: [] })
})
