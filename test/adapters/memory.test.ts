import {
  storageCommitCases,
  storageOutboxCases,
  storageRaceCases,
  storageReadCases,
  storageWorkflowCases,
} from '../../adapters/contract/index.js'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { runContract } from '../support/run-contract.js'

const create = async () => createMemoryStorage()

runContract('memory commits', storageCommitCases, create)
runContract('memory reads', storageReadCases, create)
runContract('memory outbox', storageOutboxCases, create)
runContract('memory races', storageRaceCases, create)
runContract('memory workflows', storageWorkflowCases({ importRows: 50_000 }), create)
