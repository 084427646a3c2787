import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import type { JoinDeviceInput, LeaveDeviceInput, ShowDeviceInput, SwitchAccountInput } from './device-inputs.js'

const wallet = z.string().max(4_000)
const sessionId = z.string().min(1).max(100)

export const parseShowDevice = parseInput<ShowDeviceInput>(schemaOf<ShowDeviceInput>()(z.strictObject({ wallet })))
export const parseJoinDevice = parseInput<JoinDeviceInput>(
  schemaOf<JoinDeviceInput>()(z.strictObject({ wallet, token: z.string().min(1).max(200) })),
)
export const parseSwitchAccount = parseInput<SwitchAccountInput>(
  schemaOf<SwitchAccountInput>()(z.strictObject({ wallet, sessionId })),
)
export const parseLeaveDevice = parseInput<LeaveDeviceInput>(
  schemaOf<LeaveDeviceInput>()(z.strictObject({ wallet, sessionId: z.exactOptional(sessionId) })),
)
