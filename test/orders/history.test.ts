import fc from 'fast-check'
import { inject, it } from 'vitest'
import { turn } from './history-steps.js'
import { terms } from './open-history.js'
import { playHistory } from './play-history.js'

const long = Number(process.env.FC_NUM_RUNS ?? 0) > 0
const people = long ? 10 : 3
const steps = long ? 1_000 : 50

it('whatever buyers, staff, gateway, connections and clocks do, the books agree after every step and nothing is left stuck', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...terms),
      fc.array(turn, { minLength: steps / 2, maxLength: steps, size: 'max' }),
      async (given, history) => {
        await playHistory(given, history, people)
      },
    ),
    { numRuns: long || inject('storage') === 'memory' ? 3 : 1, endOnFailure: true },
  )
})
