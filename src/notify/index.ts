export type {
  Channel,
  FailureReason,
  MessageCommand,
  MessageError,
  MessageEvent,
  MessageFacts,
  MessageRecord,
  SuppressionReason,
} from './message.js'
export { messages } from './message.schema.js'
export { type MessageState, type MessageStatus, messageMachine, messageTable } from './message-machine.js'
export { type NotifyError, notifyMessages } from './messages.js'
export { notifyPersonalData } from './personal-data.js'
export type { Notifier, NotifyFailed, NotifyPorts, OutgoingMessage, RecipientAddress, RecipientBook } from './ports.js'
export { type MessagePreference, mayReceive } from './preference.js'
export { messagePreferences } from './preference.schema.js'
export { type MessageRequest, messageIdOf, messageSecretPlace, queueMessage } from './queue-message.js'
export {
  longestWaitMs,
  retryDelayMs,
  type SendOptions,
  type SendReport,
  sendDueMessages,
  sendingMs,
} from './send-due-messages.js'
export {
  type MessageFact,
  needsConsent,
  type Template,
  type TemplateName,
  templateNames,
  templates,
  writeMessage,
} from './templates.js'
