export { type ContractCase, expectEqual, expectErr, expectOk, expectTrue } from './assert.js'
export { gatewayComplaintCases } from './gateway-complaints.js'
export { gatewayDisputeCases } from './gateway-disputes.js'
export { gatewaySplitCases } from './gateway-splits.js'
export type { GatewayCase, GatewayUnderTest } from './gateway-under-test.js'
export { keyStoreCases } from './key-store.js'
export { type NotifierSubject, notifierCases } from './notifier.js'
export { passwordHasherCases } from './password-hasher.js'
export { paymentGatewayCases } from './payment-gateway.js'
export {
  carriageRateCases,
  type ExchangeUnderTest,
  exchangeRateCases,
  type RatesUnderTest,
  taxRateCases,
} from './rate-sources.js'
export { type Box, contractScratch, type Shelf } from './scratch.js'
export { sealerCases } from './sealer.js'
export { type CollectionCase, type CollectionUnderTest, collectionCases } from './storage-collection.js'
export { storageCommitCases } from './storage-commit.js'
export { type CountersUnderTest, counterCases } from './storage-counters.js'
export { storageOutboxCases } from './storage-outbox.js'
export { storageRaceCases } from './storage-races.js'
export { storageReadCases } from './storage-read.js'
export {
  type HostStorageUnderTest,
  type HostTransactionUnderTest,
  storageWithinCases,
} from './storage-within.js'
export { storageWorkflowCases, type WorkflowSize } from './storage-workflows.js'
