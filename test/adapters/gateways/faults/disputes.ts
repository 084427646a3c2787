import { okAsync } from 'neverthrow'
import { changed, declined, disputed, type Faults, found, inSeconds, told } from './fault.js'

/** What can be wrong with disputes and complaints. */
export const disputesFaults: Faults = {
  'tells of a dispute unasked: of which payment, how much, and until when it can be contested': [
    ['a dispute in seconds', told((fact) => (fact.kind === 'dispute' ? inSeconds(fact) : fact))],
    [
      'evidence that is due in seconds',
      told((fact) =>
        fact.kind === 'dispute' ? { ...fact, evidenceDueAt: Math.floor((fact.evidenceDueAt ?? 0) / 1000) } : fact,
      ),
    ],
    [
      'evidence that is due in microseconds',
      told((fact) => (fact.kind === 'dispute' ? { ...fact, evidenceDueAt: (fact.evidenceDueAt ?? 0) * 1000 } : fact)),
    ],
    [
      'a dispute of the whole payment',
      told((fact) => (fact.kind === 'dispute' ? { ...fact, amount: { ...fact.amount, minor: 10_000 } } : fact)),
    ],
    [
      'a dispute that is lost before it is decided',
      told((fact) => (fact.kind === 'dispute' ? { ...fact, lostMinor: fact.amount.minor } : fact)),
    ],
    ['a fee below nothing', told((fact) => (fact.kind === 'dispute' ? { ...fact, feeMinor: -1500 } : fact))],
  ],
  'tells how a dispute ended': [
    [
      'an end of the whole payment',
      told((fact) =>
        fact.kind === 'dispute' && fact.status === 'lost'
          ? { ...fact, amount: { ...fact.amount, minor: 10_000 } }
          : fact,
      ),
    ],
  ],
  'answers how a dispute stands, and of one that it has never heard of with notFound': [
    [
      'a dispute, asked about, of the whole payment',
      disputed((port) => ({
        query: (request) =>
          changed(
            port.query(request),
            found((dispute) => ({ ...dispute, amount: { ...dispute.amount, minor: 10_000 } })),
          ),
      })),
    ],
    [
      'a dispute of another payment',
      disputed((port) => ({
        query: (request) =>
          changed(
            port.query(request),
            found((dispute) => ({ ...dispute, attemptRef: 'pay_other' })),
          ),
      })),
    ],
    [
      'a loss of more than was disputed',
      disputed((port) => ({
        query: (request) =>
          changed(
            port.query(request),
            found((dispute) => (dispute.status === 'lost' ? { ...dispute, lostMinor: 10_000 } : dispute)),
          ),
      })),
    ],
  ],
  'takes evidence while it is due, and the same again under the same key': [
    [
      'evidence answered with the whole payment',
      disputed((port) => ({
        submitEvidence: (request) =>
          changed(port.submitEvidence?.(request) ?? okAsync(declined), (dispute) => ({
            ...dispute,
            amount: { ...dispute.amount, minor: 10_000 },
          })),
      })),
    ],
  ],
  'takes it that a dispute is accepted: it is lost, once, and nothing more can be said': [
    [
      'an acceptance of the whole payment',
      disputed((port) => ({
        accept: (request) =>
          changed(port.accept?.(request) ?? okAsync(declined), (dispute) => ({
            ...dispute,
            amount: { ...dispute.amount, minor: 10_000 },
          })),
      })),
    ],
  ],
  'tells of a complaint: of which payment, that it holds nothing, and until when it wants an answer': [
    ['a complaint in seconds', told((fact) => (fact.kind === 'dispute' ? inSeconds(fact) : fact))],
  ],
  'shows what the payer says, and the number they left': [
    [
      'words in seconds',
      disputed((port) => ({
        read: (request) =>
          changed(
            port.read?.(request) ?? okAsync(declined),
            found((said) => ({ ...said, statements: said.statements.map(inSeconds) })),
          ),
      })),
    ],
  ],
}
