import { challengeAttempts } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Tries that codes have left. */
export const challengeAttemptsTable: CounterTable = { family: challengeAttempts, table: 'challenge_attempts' }
