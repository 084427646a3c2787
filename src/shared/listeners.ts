import mitt from 'mitt'
import type { OutboxEvent } from './events.js'

// The package types its default export as CommonJS does, while an ES module gets the function itself: either will do.
const createEmitter = 'default' in mitt ? mitt.default : mitt

/** Hears of an event in this process. */
export type Listener = (event: OutboxEvent) => void

/** Tells what was committed to listeners in this process: best effort, after the commit, never instead of a reaction. */
export type Listeners = {
  /**
   * Listens to one kind of event (`order/OrderPaid`) or to all (`*`).
   *
   * @returns ends the listening
   */
  readonly on: (name: string, listener: Listener) => () => void
  readonly tell: (events: readonly OutboxEvent[]) => void
}

// What an asynchronous listener answers; its type says nothing of it.
const isThenable = (answer: unknown): answer is { readonly then: (kept: undefined, rejected: () => void) => unknown } =>
  typeof answer === 'object' && answer !== null && 'then' in answer && typeof answer.then === 'function'

/** Listeners of one shop; one that throws, or rejects later, keeps no other from hearing. */
export const createListeners = (): Listeners => {
  const emitter = createEmitter<Record<string, OutboxEvent>>()
  return {
    on: (name, listener) => {
      const guarded = (event: OutboxEvent): void => {
        // What a listener does is its host's affair; the commit stands either way, and so does the process.
        try {
          const answer: unknown = listener(event)
          if (isThenable(answer)) answer.then(undefined, () => {})
        } catch {}
      }
      const everything = (_: string, event: OutboxEvent): void => guarded(event)
      if (name === '*') emitter.on('*', everything)
      else emitter.on(name, guarded)
      return () => (name === '*' ? emitter.off('*', everything) : emitter.off(name, guarded))
    },
    tell: (events) => {
      for (const event of events) emitter.emit(`${event.collection}/${event.type}`, event)
    },
  }
}
