/** What a device keeps; empty where it keeps nothing. */
export type ShowDeviceInput = { readonly wallet: string }

/** What a device keeps, and the token that came of a sign-in or a step-up. */
export type JoinDeviceInput = { readonly wallet: string; readonly token: string }

/** What a device keeps, and which of its sessions shall be in use. */
export type SwitchAccountInput = { readonly wallet: string; readonly sessionId: string }

/** What a device keeps, and which of its sessions shall end; all of them when absent. */
export type LeaveDeviceInput = { readonly wallet: string; readonly sessionId?: string }
