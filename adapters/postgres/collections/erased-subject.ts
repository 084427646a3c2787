import { erasedSubjects } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Who was erased, by ids that lead to nobody. */
export const erasedSubjectTable: CollectionTable = { collection: erasedSubjects, table: 'erased_subject' }
