export type { SandboxBooks, SandboxPayment, SandboxRefund } from './books.js'
export { createSandboxGateway, type SandboxGateway, type SandboxOptions } from './gateway.js'
export type { CaptureScript, CloseScript, Delivery, PaymentScript, QueryScript, RefundScript } from './script.js'
export type { SandboxKey, SignedNotification } from './signature.js'
