import { signInGuards } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Failed sign-ins. */
export const signInGuardTable: CollectionTable = { collection: signInGuards, table: 'sign_in_guard' }
