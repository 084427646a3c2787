import { rewardStock } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Rewards that are left. */
export const rewardStockTable: CounterTable = { family: rewardStock, table: 'reward_stock' }
