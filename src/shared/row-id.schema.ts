import * as z from 'zod'
import { longestName } from './commit.js'

/** The id of any stored row, as a page ends on it: of as many characters as one may have. */
export const rowId = /* @__PURE__ */ z.string().min(1).max(longestName)
