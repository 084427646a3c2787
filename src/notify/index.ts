export { notifyAccess } from './access.js'
export type {
  Channel,
  FailureReason,
  MessageCommand,
  MessageError,
  MessageEvent,
  MessageFacts,
  MessageRecord,
  MessageTold,
  SuppressionReason,
} from './message.js'
export { messages } from './message.schema.js'
export { type MessageState, type MessageStatus, messageMachine, messageTable } from './message-machine.js'
export { type NotifyError, notifyMessages } from './messages.js'
export { myMessages, type OwnMessage, type OwnMessages } from './my-messages.js'
export type { MyMessagesInput } from './my-messages.schema.js'
export { notifyPersonalData } from './personal-data.js'
export { notifyPersonalRecords } from './personal-records.js'
export type {
  ContactBook,
  ContactsUnavailable,
  Notifier,
  NotifyFailed,
  NotifyPorts,
  OutgoingMessage,
  RecipientAddress,
  RecipientBook,
} from './ports.js'
export { type MessagePreference, mayReceive } from './preference.js'
export { messagePreferences } from './preference.schema.js'
export { type MessageRequest, messageIdOf, messageSecretPlace, queueMarketing, queueMessage } from './queue-message.js'
export {
  longestWaitMs,
  retryDelayMs,
  type SendOptions,
  type SendReport,
  sendDueMessages,
  sendingMs,
} from './send-due-messages.js'
export { messagesKeptDays, sweepMessages } from './sweep-messages.js'
export {
  type MessageFact,
  needsConsent,
  type Template,
  type TemplateName,
  templateNames,
  templates,
  writeMessage,
} from './templates.js'
