import type { Message } from 'shopwright'

/** What was asked of the demo cannot be done; the day ends with a sentence instead of a stack. */
export class Refusal extends Error {
  readonly text: Message

  constructor(text: Message) {
    super(text.en)
    this.text = text
  }
}
