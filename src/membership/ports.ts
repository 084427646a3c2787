import type { Sealer } from '../shared/personal-data.js'
import type { CorePorts } from '../shared/ports.js'

/** What the workflows of the programme need of the world. */
export type MembershipPorts = CorePorts & { readonly sealer: Sealer }
