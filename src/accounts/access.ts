import type { AccessPolicy } from '../shared/actor.js'

// Who signs in or proves an address is a stranger until then, so these actions reach every row by what they know.
const door = { guest: 'all', customer: 'all' } as const

/** Who may do what with accounts. */
export const accountsAccess = {
  'accounts.register': door,
  'accounts.activate': door,
  'accounts.resendCode': door,
  'accounts.requestReset': door,
  'accounts.resetPassword': door,
  'accounts.signIn': door,
  'accounts.requestSignInCode': door,
  'accounts.signInByCode': door,
  'accounts.confirmSignIn': door,
  'accounts.beginProviderSignIn': door,
  'accounts.finishProviderSignIn': door,
  'accounts.beginLinking': { customer: 'own' },
  'accounts.finishLinking': { customer: 'own' },
  'accounts.unlinkIdentity': { customer: 'own' },
  'accounts.myAccount': { customer: 'own' },
  'accounts.mySessions': { customer: 'own' },
  'accounts.revokeSession': { customer: 'own' },
  'accounts.stepUp': { customer: 'own' },
  'accounts.enrolTotp': { customer: 'own' },
  'accounts.confirmTotp': { customer: 'own' },
  'accounts.renewRecoveryCodes': { customer: 'own' },
  'accounts.removeFactor': { customer: 'own' },
  'accounts.setPaymentPassword': { customer: 'own' },
  'accounts.changePaymentPassword': { customer: 'own' },
  'accounts.requestPaymentPasswordReset': { customer: 'own' },
  'accounts.resetPaymentPassword': { customer: 'own' },
  'accounts.requestPaymentCode': { customer: 'own' },
  'accounts.provePayment': { customer: 'own' },
  'accounts.requestBinding': { customer: 'own' },
  'accounts.confirmBinding': { customer: 'own' },
  'accounts.unbind': { customer: 'own' },
  'accounts.setUserName': { customer: 'own' },
  'accounts.setConsent': { customer: 'own' },
  'accounts.erase': { customer: 'own' },
  'accounts.ban': { staff: 'all' },
  'accounts.liftBan': { staff: 'all' },
} satisfies AccessPolicy
