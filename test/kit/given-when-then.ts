import { err, ok } from 'neverthrow'
import { expect } from 'vitest'
import { type Decider, foldEvents } from '../../src/shared/decider.js'

/**
 * Makes the sentence in which a machine's examples are written.
 *
 * @example const given = specify(orderMachine)
 * given([placed]).when(pay).then([paid])
 * given([placed, cancelled]).when(pay).thenRefused({ type: 'OrderStatusForbids', … })
 */
export const specify =
  <State, Command, Event, Failure>(decider: Decider<State, Command, Event, Failure>) =>
  (events: readonly Event[] = []) => ({
    when: (command: Command) => {
      const state = foldEvents(decider, events)
      const decision = decider.decide(state, command)
      return {
        /** The events that follow, all of them; none means accepted without effect. */
        then: (expected: readonly Event[]): void => expect(decision).toEqual(ok(expected)),
        /** The refusal, with its facts. */
        thenRefused: (expected: Failure): void => expect(decision).toEqual(err(expected)),
        /** The state that it leads to. */
        thenState: (expected: State): void =>
          expect(decision.map((next) => foldEvents(decider, next, state))).toEqual(ok(expected)),
      }
    },
  })
