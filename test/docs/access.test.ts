import { type Grant, shopAccess } from 'shopwright'
import { expect, it } from 'vitest'
import { readPage, rowsUnder } from './page-tables.js'

const kinds = ['guest', 'customer', 'merchant', 'staff', 'system'] as const

it('the page on who may do what grants what the table of the shop grants', () => {
  const byName = ([left]: readonly [string, Grant], [right]: readonly [string, Grant]): number =>
    left < right ? -1 : 1
  const grants = Object.entries<Grant>(shopAccess)
    .sort(byName)
    .map(([action, grant]) => [
      `\`${action}\``,
      ...kinds.map((kind) => {
        const roles = kind === 'staff' ? (grant.staffRoles ?? []) : []
        return [grant[kind] ?? '', ...roles.map((role) => `role \`${role}\``)].join(', ')
      }),
    ])
  expect(rowsUnder(readPage('docs/access.md'), 'action')).toEqual(grants)
})
