import {
  type Actor,
  auditLog,
  createShop,
  createTableAuthorizer,
  entries,
  type RolePolicy,
  readFacts,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { buyKettles, openStall } from '../support/open-stall.js'
import { unchecked } from '../support/unchecked.js'
import { must, openingTime } from './open-shop.js'
import { by, join, recipient } from './world.js'

const roles: RolePolicy = {
  parcels: { may: ['orders.ship', 'orders.page', 'orders.list'], sees: ['order.recipient'] },
  care: { may: ['orders.page', 'accounts.customer'], sees: ['account.name'] },
  owner: { may: ['*'], sees: ['*'] },
}
const staff = (role: string, purpose?: string): Actor => ({
  kind: 'staff',
  staffId: role,
  roles: [role],
  ...(purpose === undefined ? {} : { purpose }),
})

const openWithRoles = async () => {
  const stall = await openStall([])
  const ann = await join(stall, 'ann.lee@example.com', '安妮')
  const { orderId } = await buyKettles(stall, ann.actor, 1)
  const shop = createShop({ ...stall.ports, roles })
  const looked = async () => {
    const plan = { found: entries(auditLog, { where: [], limit: 500 }) }
    const scope = { kind: 'all' } as const
    const { found } = must(await readFacts(stall.ports.storage, { shop: 'main', scope, at: openingTime, plan }))
    return found.map(({ body: { digest: _, ...said } }) => said).filter(({ actor }) => actor.startsWith('staff:'))
  }
  return { stall, shop, ann, orderId, looked }
}

describe('what staff see of people', () => {
  it('is masked, field by field, until a role sees it and a purpose is named', async () => {
    const { shop, ann, orderId } = await openWithRoles()
    const masked = {
      name: '王**',
      phone: '*******0000',
      region: recipient.region,
      city: recipient.city,
      address: '***',
    }
    const { accountId } = ann
    for (const [actor, onOrder, name, email] of [
      [staff('parcels', 'pack'), recipient, 'Denied', 'Denied'],
      [staff('parcels'), masked, 'Denied', 'Denied'],
      [staff('care', 'call back'), masked, '安妮', 'a***@example.com'],
      [staff('care'), masked, '安**', 'a***@example.com'],
      [staff('owner', 'check'), recipient, '安妮', 'ann.lee@example.com'],
      [staff('owner'), masked, '安**', 'a***@example.com'],
      [staff('nobody', 'check'), 'Denied', 'Denied', 'Denied'],
    ] as const) {
      const page = await shop.orders.page({ actor }, { orderId })
      expect(
        page.match(
          ({ recipient: shown }) => shown,
          ({ type }) => type,
        ),
        actor.kind,
      ).toEqual(onOrder)
      const customer = await shop.accounts.customer({ actor }, { accountId })
      expect(
        customer.match(
          (view) => view.name,
          ({ type }) => type,
        ),
      ).toBe(name)
      expect(
        customer.match(
          (view) => view.email,
          ({ type }) => type,
        ),
      ).toBe(email)
    }
  })

  it('stands in the audit log with its purpose, each time; what buyers see of their own does not', async () => {
    const { shop, ann, orderId, looked } = await openWithRoles()
    const before = (await looked()).length
    must(await shop.orders.page({ actor: ann.actor }, { orderId }))
    must(await shop.orders.page({ actor: staff('parcels', 'pack') }, { orderId }))
    must(await shop.accounts.customer({ actor: staff('care') }, { accountId: ann.accountId }))
    expect((await looked()).slice(before)).toHaveLength(2)
    expect(await looked()).toEqual(
      expect.arrayContaining([
        {
          actor: 'staff:parcels',
          action: 'orders.page',
          subject: orderId,
          at: openingTime,
          outcome: 'done',
          purpose: 'pack',
        },
        { actor: 'staff:care', action: 'accounts.customer', subject: ann.accountId, at: openingTime, outcome: 'done' },
      ]),
    )
  })

  it('is nothing that signs in: no password, hash, token or code is within reach of any role', async () => {
    const { shop, ann } = await openWithRoles()
    const view = must(await shop.accounts.customer({ actor: staff('owner', 'check') }, { accountId: ann.accountId }))
    expect(Object.keys(view).sort()).toEqual(
      ['accountId', 'email', 'hasSecondFactor', 'name', 'passwordSetAt', 'registeredAt', 'shownClear', 'status'].sort(),
    )
    const verbs = ['signIn', 'resetPassword', 'setPaymentPassword', 'enrolTotp', 'stepUp'] as const
    for (const verb of verbs) {
      const answer = await shop.accounts[verb](by(staff('owner', 'check')), unchecked({}))
      expect(answer.isErr() && answer.error.type, verb).toBe('Denied')
    }
  })

  it('is what the table allows at most: a role gives no staff what is not theirs', async () => {
    const { stall, ann } = await openWithRoles()
    const shop = createShop({ ...stall.ports, roles, authorizer: createTableAuthorizer({}) })
    const answer = await shop.accounts.customer({ actor: staff('owner', 'x') }, { accountId: ann.accountId })
    expect(answer.isErr() && answer.error).toEqual({ type: 'Denied', action: 'accounts.customer' })
  })
})
