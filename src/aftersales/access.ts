import type { AccessPolicy } from '../shared/actor.js'

const buyers = { guest: 'own', customer: 'own' } as const
const shop = { staff: 'all', system: 'all' } as const

/** Who may do what with returns. */
export const aftersalesAccess = {
  'aftersales.previewReturn': { ...buyers, ...shop },
  'aftersales.requestReturn': { ...buyers, staff: 'all' },
  'aftersales.cancelReturn': { ...buyers, staff: 'all' },
  'aftersales.returnPage': { ...buyers, merchant: 'own', ...shop },
  'aftersales.list': { ...buyers, merchant: 'own', ...shop },
  'aftersales.approveReturn': { staff: 'all' },
  'aftersales.refuseReturn': { staff: 'all' },
  'aftersales.receiveReturn': { staff: 'all' },
  'aftersales.refundReturn': shop,
} satisfies AccessPolicy
