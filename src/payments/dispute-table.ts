import type { TransitionTable } from '../shared/decider.js'
import type { Dispute, DisputeCommand, DisputeEvent } from './dispute.js'

export type DisputeStatus = Dispute['status'] | 'absent'

type Row = TransitionTable<DisputeStatus, DisputeCommand['type'], DisputeEvent['type']>[number]

const statuses = ['inquiry', 'evidenceDue', 'underReview', 'won', 'lost'] as const

/** What is not over. */
const open = ['inquiry', 'evidenceDue', 'underReview'] as const

/** What is told of a dispute that has come to a status. */
const comings: Readonly<Record<Dispute['status'], DisputeEvent['type']>> = {
  inquiry: 'DisputeFactsLearned',
  evidenceDue: 'DisputeEvidenceDue',
  underReview: 'DisputeUnderReview',
  won: 'DisputeWon',
  lost: 'DisputeLost',
}

const told: Readonly<Record<Dispute['status'], string>> = {
  inquiry: 'the bank only asks',
  evidenceDue: 'the money is held, and can be contested',
  underReview: 'the bank is at work',
  won: 'for the shop, or given up',
  lost: 'for the payer',
}

/** Which command leads a dispute where: a bank may come back on its word, so every word leads from every status. */
export const disputeTable: TransitionTable<DisputeStatus, DisputeCommand['type'], DisputeEvent['type']> = [
  ...open.map(
    (to): Row => ({ from: 'absent', command: 'RecordDispute', events: 'DisputeOpened', to, guard: told[to] }),
  ),
  ...(['won', 'lost'] as const).map(
    (to): Row => ({
      from: 'absent',
      command: 'RecordDispute',
      events: ['DisputeOpened', comings[to]],
      to,
      guard: told[to],
    }),
  ),
  ...statuses.flatMap((to): readonly Row[] => [
    {
      from: statuses.filter((status) => status !== to),
      command: 'RecordDispute',
      events: comings[to],
      to,
      guard: told[to],
    },
    ...(to === 'inquiry'
      ? []
      : [
          {
            from: to,
            command: 'RecordDispute',
            events: comings[to],
            to,
            guard: 'another amount, or another time to contest it',
          } as const,
        ]),
    {
      from: to,
      command: 'RecordDispute',
      events: 'DisputeFactsLearned',
      to,
      guard: 'new, but not for the status, or heard again',
    },
    { from: to, command: 'RecordDispute', events: [], to, guard: 'nothing new' },
  ]),
  ...open.map((to): Row => ({ from: to, command: 'RecordDisputeAsked', events: 'DisputeQueried', to })),
  { from: 'won', command: 'RecordDisputeAsked', events: [], to: 'won' },
  {
    from: 'lost',
    command: 'RecordDisputeAsked',
    events: 'DisputeQueried',
    to: 'lost',
    guard: 'nobody knows whether an appeal arrived',
  },
  { from: 'lost', command: 'RecordDisputeAsked', events: [], to: 'lost', guard: 'over' },
  ...([...open, 'lost'] as const).flatMap((from): readonly Row[] => [
    {
      from,
      command: 'RecordDisputeUnheard',
      events: 'DisputeUnheard',
      to: from,
      guard: 'it is still to say how it ends',
    },
    { from, command: 'DecideDispute', events: 'DisputeWon', to: 'won', guard: 'as a person says' },
    { from, command: 'DecideDispute', events: 'DisputeLost', to: 'lost', guard: 'as a person says' },
  ]),
  ...statuses.map(
    (to): Row => ({ from: to, command: 'RecordDisputeUnheard', events: [], to, guard: 'known, or over' }),
  ),
  ...(['inquiry', 'evidenceDue'] as const).flatMap((to): readonly Row[] => [
    { from: to, command: 'RemindOfEvidence', events: 'EvidenceDueSoon', to, guard: 'due soon, and nothing was sent' },
  ]),
  ...statuses.map(
    (to): Row => ({ from: to, command: 'RemindOfEvidence', events: [], to, guard: 'not yet, or no more' }),
  ),
  { from: 'inquiry', command: 'SendEvidence', events: 'EvidenceSent', to: 'inquiry' },
  {
    from: 'evidenceDue',
    command: 'SendEvidence',
    events: 'EvidenceSent',
    to: 'evidenceDue',
    guard: 'in time and not accepted, or to accept it',
  },
  {
    from: 'lost',
    command: 'SendEvidence',
    events: 'EvidenceSent',
    to: 'lost',
    guard: 'it may be appealed, and was not accepted',
  },
  ...statuses.flatMap((to): readonly Row[] => [
    { from: to, command: 'RecordEvidence', events: 'EvidenceTaken', to, guard: 'the gateway has it' },
    { from: to, command: 'RecordEvidence', events: 'EvidenceRefused', to, guard: 'the gateway does not take it' },
    { from: to, command: 'RecordEvidence', events: [], to, guard: 'known, or of other evidence' },
  ]),
]
