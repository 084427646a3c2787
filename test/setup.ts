import fc from 'fast-check'

// FC_NUM_RUNS deepens every property at once: `FC_NUM_RUNS=5000 npm test`.
fc.configureGlobal({ numRuns: Number(process.env.FC_NUM_RUNS ?? 200) })
