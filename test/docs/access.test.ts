import { type Grant, shopAccess } from 'shopwright'
import { expect, it } from 'vitest'
import { readPage, rowsUnder } from './page-tables.js'

const kinds = ['guest', 'customer', 'merchant', 'staff', 'system'] as const

it('the page on who may do what grants what the table of the shop grants', () => {
  const grants = Object.entries<Grant>(shopAccess).map(([action, grant]) => [
    `\`${action}\``,
    ...kinds.map((kind) => {
      const roles = kind === 'staff' ? (grant.staffRoles ?? []) : []
      return [grant[kind] ?? '', ...roles.map((role) => `role \`${role}\``)].join(', ')
    }),
  ])
  const byName = ([left = '']: readonly string[], [right = '']: readonly string[]): number => (left < right ? -1 : 1)
  expect(rowsUnder(readPage('docs/access.md'), 'action')).toEqual(grants.sort(byName))
})
