import { expect, it } from 'vitest'
import { drawDiagram } from './draw-diagram.js'

it('draws one arrow for each status a row leaves, with its guard and its events', () => {
  const table = [
    { from: ['new', 'on-hold'], command: 'Pay', events: ['Paid', 'Closed'], to: 'paid', guard: 'sum: enough' },
    { from: 'paid', command: 'Pay', events: [], to: 'paid' },
  ]
  expect(drawDiagram(table, { initial: 'new', finals: ['paid'] })).toBe(
    [
      'stateDiagram-v2',
      '  state "on-hold" as on_hold',
      '  [*] --> new',
      '  new --> paid: Pay [sum, enough] / Paid, Closed',
      '  on_hold --> paid: Pay [sum, enough] / Paid, Closed',
      '  paid --> paid: Pay / nothing',
      '  paid --> [*]',
    ].join('\n'),
  )
})
