import fc from 'fast-check'
import { paymentModel } from './payment-machine.model.js'
import { walkModel } from '../kit/walk-model.js'
import { runWalk, walkArbitrary } from '../kit/random-walk.js'
import { transitionOf, nameTransition } from '../kit/transitions.js'
import { refundModel } from './refund-machine.model.js'
const which: any = { payment: paymentModel, refund: refundModel }
export const go = (m: any) => {
  const w = walkModel(m)
  console.log(w.states.size, w.closed, w.tooLarge)
  const steps = [...w.states.values()].flatMap((s) => s.tried)
  const walks = fc.sample(walkArbitrary(m), { seed: 1, numRuns: 3000 }).flatMap((x: any) => runWalk(m, x))
  const names = new Map<string, number>()
  for (const [k, list] of [['m', steps], ['w', walks]] as const) for (const s of list as any[]) if (s.outcome !== 'refused') names.set(nameTransition(transitionOf(s)) + (s.thrown ?? ''), (names.get(nameTransition(transitionOf(s))) ?? 0) + 1)
  for (const n of [...names.keys()].sort()) console.log(n)
}
go(which[process.argv[2]!])
