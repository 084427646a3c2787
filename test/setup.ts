import fc from 'fast-check'
import { afterAll } from 'vitest'
import { endFile } from './support/at-file-end.js'

// FC_NUM_RUNS deepens every property at once, and draws what was never drawn: `FC_NUM_RUNS=5000 npm test`. Otherwise every run
// draws the same, so that what fails is what was changed; FC_SEED draws other things.
const { FC_NUM_RUNS, FC_SEED } = process.env
fc.configureGlobal(
  FC_NUM_RUNS === undefined
    ? { numRuns: 200, seed: Number(FC_SEED ?? 20_261_130) }
    : { numRuns: Number(FC_NUM_RUNS), ...(FC_SEED === undefined ? {} : { seed: Number(FC_SEED) }) },
)

afterAll(endFile)
