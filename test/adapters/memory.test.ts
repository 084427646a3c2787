import {
  collectionCases,
  counterCases,
  storageCommitCases,
  storageOutboxCases,
  storageRaceCases,
  storageReadCases,
  storageWorkflowCases,
} from '../../adapters/contract/index.js'
import { type Box, boxes, credits } from '../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { runContract } from '../support/run-contract.js'

const create = async () => createMemoryStorage()

runContract('memory commits', storageCommitCases, create)
runContract('memory reads', storageReadCases, create)
runContract('memory outbox', storageOutboxCases, create)
runContract('memory races', storageRaceCases, create)
runContract('memory workflows', storageWorkflowCases({ importRows: 50_000 }), create)

// The cases for a single collection or family hold here too, so that what fails on a host's own tables is the tables.
runContract('a collection on memory', collectionCases<Box>(), async () => ({
  storage: createMemoryStorage(),
  shop: 'main',
  collection: boxes,
  idOf: (place) => `box-${place}`,
  stateOf: (boxId, version) => ({ boxId, status: 'open', size: version, tags: [boxId, 'box'], madeAt: boxId.length }),
}))
runContract('counters on memory', counterCases, async () => ({
  storage: createMemoryStorage(),
  shop: 'main',
  family: credits,
  idOf: (place) => `credit-${place}`,
}))
