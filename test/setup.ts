import fc from 'fast-check'
import { afterAll } from 'vitest'
import { endFile } from './support/at-file-end.js'

// FC_NUM_RUNS deepens every property at once: `FC_NUM_RUNS=5000 npm test`.
fc.configureGlobal({ numRuns: Number(process.env.FC_NUM_RUNS ?? 200) })

afterAll(endFile)
