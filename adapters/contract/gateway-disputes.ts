import type { DisputePort, DisputeSnapshot, EvidenceFile, GatewayCapabilities } from 'shopwright/payments'
import { expectEqual, expectTrue } from './assert.js'
import { evidenceFiles, expectShown } from './evidence-files.js'
import { expectRecent } from './gateway-times.js'
import {
  answerOf,
  createPaid,
  doneValue,
  expectRefundedUnder,
  type GatewayCase,
  type GatewayUnderTest,
  minute,
  takeDisputes,
} from './gateway-under-test.js'

/** Of which payment a dispute is, over how much, what of it is lost, and that its times are times. */
const expectDispute = (
  world: GatewayUnderTest,
  told: DisputeSnapshot | 'notFound',
  disputeRef: string,
  what: string,
): void => {
  if (told === 'notFound') throw new Error(`${what}: there is none`)
  const { attemptRef, amount, lostMinor, feeMinor, evidenceDueAt, at } = told
  expectEqual(
    { disputeRef: told.disputeRef, attemptRef, amount },
    { disputeRef, attemptRef: 'pay_contract_1', amount: { minor: 6000, currency: world.currency } },
    what,
  )
  const mostLost = told.status === 'lost' ? 6000 : 0
  expectTrue((lostMinor ?? 0) >= 0 && (lostMinor ?? 0) <= mostLost, `${what}: ${lostMinor} lost, while ${told.status}`)
  expectTrue(feeMinor === null || feeMinor >= 0, `${what}: a fee of ${feeMinor}`)
  expectRecent(world, at, what)
  expectTrue(evidenceDueAt === null || evidenceDueAt < world.now() + 730 * 1440 * minute, `${what}: ${evidenceDueAt}`)
}

/** A paid payment, 60.00 of which its payer disputes. */
const createDisputed = async (world: GatewayUnderTest): Promise<DisputeSnapshot> => {
  const { bank } = world
  if (bank === undefined) throw new Error('nobody to dispute anything: the world has no bank')
  await createPaid(world)
  await world.takeNotifications()
  await bank.dispute('pay_contract_1', 6000)
  const [dispute] = await takeDisputes(world)
  if (dispute === undefined) throw new Error('nothing was said of the dispute')
  return dispute
}

const query = async (world: GatewayUnderTest, disputeRef: string) => {
  const { disputes } = world.gateway
  if (disputes === undefined) throw new Error('a gateway without disputes')
  const question = { disputeRef, attemptRef: 'pay_contract_1', at: world.now() }
  return doneValue(await answerOf(disputes.query(question)), 'query of a dispute')
}

const telling: readonly GatewayCase[] = [
  {
    name: 'tells of a dispute unasked: of which payment, how much, and until when it can be contested',
    run: async (create) => {
      const world = await create()
      const dispute = await createDisputed(world)
      const { attemptRef, status, amount, evidenceDueAt, disputeRef } = dispute
      expectEqual(
        { attemptRef, status, amount },
        { attemptRef: 'pay_contract_1', status: 'evidenceDue', amount: { minor: 6000, currency: world.currency } },
        'the dispute',
      )
      expectTrue(disputeRef.length > 0, 'a dispute without a name')
      expectDispute(world, dispute, disputeRef, 'the dispute')
      expectTrue(evidenceDueAt !== null && evidenceDueAt > world.now(), 'it cannot be contested any more')
    },
  },
  {
    name: 'tells how a dispute ended',
    run: async (create) => {
      for (const outcome of ['won', 'lost'] as const) {
        const world = await create()
        const { disputeRef } = await createDisputed(world)
        await world.bank?.decide('pay_contract_1', outcome)
        const ended = (await takeDisputes(world)).at(-1)
        expectDispute(world, ended ?? 'notFound', disputeRef, 'the end')
        expectEqual([ended?.disputeRef, ended?.status], [disputeRef, outcome], 'the end')
        if (outcome === 'lost') expectEqual(ended?.lostMinor ?? 6000, 6000, 'what is lost')
      }
    },
  },
]

const refunding: readonly GatewayCase[] = [
  {
    name: 'gives back under a reference that names a dispute, once that is won',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createDisputed(world)
      await world.bank?.decide('pay_contract_1', 'won')
      // What the payer had by the dispute is theirs by a refund instead.
      for (const refundRef of [`ref_${'0'.repeat(27)}~12`, `duplicate_pay_${'0'.repeat(27)}_2`])
        await expectRefundedUnder(world, `${refundRef}_${world.gateway.gatewayId}:${disputeRef}`, 'pay_contract_1')
    },
  },
]

const asking: readonly GatewayCase[] = [
  {
    name: 'answers how a dispute stands, and of one that it has never heard of with notFound',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createDisputed(world)
      const found = await query(world, disputeRef)
      expectEqual(found === 'notFound' ? found : found.status, 'evidenceDue', 'the answer')
      expectDispute(world, found, disputeRef, 'the answer')
      await world.bank?.decide('pay_contract_1', 'lost')
      const ended = await query(world, disputeRef)
      expectEqual(ended === 'notFound' ? ended : ended.status, 'lost', 'the answer once it is over')
      expectDispute(world, ended, disputeRef, 'the answer once it is over')
      expectEqual(await query(world, `${disputeRef.slice(0, -1)}0`), 'notFound', 'the answer for none')
    },
  },
]

const submit = (world: GatewayUnderTest, disputeRef: string, key: string, files: readonly EvidenceFile[] = []) => {
  const { gateway, now, currency } = world
  if (gateway.disputes?.submitEvidence === undefined) throw new Error('a gateway that takes no evidence')
  return answerOf(
    gateway.disputes.submitEvidence({
      disputeRef,
      attemptRef: 'pay_contract_1',
      key,
      at: now(),
      concludes: false,
      evidence: {
        explanation: 'It was handed over and signed for.',
        files,
        goods: ['Kettle'],
        parcels: [{ carrier: 'sf-express', trackingNumber: 'SF1', shippedAt: now() - 60 * minute, deliveredAt: now() }],
        refunded: { minor: 0, currency },
      },
    }),
  )
}

const contesting: readonly GatewayCase[] = [
  {
    name: 'takes evidence while it is due, and the same again under the same key',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createDisputed(world)
      const first = doneValue(await submit(world, disputeRef, 'evidence:1'), 'the evidence')
      expectEqual(first.status, 'underReview', 'how it stands')
      expectDispute(world, first, disputeRef, 'how it stands')
      expectEqual((await submit(world, disputeRef, 'evidence:1')).kind, 'ok', 'the same again')
      const after = await query(world, disputeRef)
      expectEqual(after === 'notFound' ? after : after.status, 'underReview', 'how it stands when asked')
      await world.bank?.decide('pay_contract_1', 'lost')
      expectEqual((await submit(world, disputeRef, 'evidence:2')).kind, 'declined', 'evidence after the end')
    },
  },
]

const showing: readonly GatewayCase[] = [
  {
    name: 'takes files with evidence, as many and of such kinds as it says, and each once',
    run: async (create) => {
      const world = await create()
      const terms = world.gateway.disputes?.files
      if (terms === undefined) throw new Error('a gateway that takes no files')
      const { disputeRef } = await createDisputed(world)
      const files = evidenceFiles(terms)
      doneValue(await submit(world, disputeRef, 'evidence:1', files), 'the evidence')
      expectEqual((await submit(world, disputeRef, 'evidence:1', files)).kind, 'ok', 'the same again')
      await expectShown(world, 'pay_contract_1', files)
    },
  },
]

const accepting: readonly GatewayCase[] = [
  {
    name: 'takes it that a dispute is accepted: it is lost, once, and nothing more can be said',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createDisputed(world)
      const accept = world.gateway.disputes?.accept
      if (accept === undefined) throw new Error('a gateway by which nothing is accepted')
      const send = () =>
        answerOf(accept({ disputeRef, attemptRef: 'pay_contract_1', key: 'accept:1', at: world.now() }))
      const accepted = doneValue(await send(), 'the acceptance')
      expectEqual([accepted.status, accepted.lostMinor ?? 6000], ['lost', 6000], 'how it stands')
      expectDispute(world, accepted, disputeRef, 'how it stands')
      expectEqual(doneValue(await send(), 'the same again').status, 'lost', 'how it stands after the same again')
      const after = await query(world, disputeRef)
      expectEqual(after === 'notFound' ? after : after.status, 'lost', 'how it stands when asked')
    },
  },
  {
    name: 'accepts nothing that is won',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createDisputed(world)
      await world.bank?.decide('pay_contract_1', 'won')
      const accept = world.gateway.disputes?.accept
      if (accept === undefined) throw new Error('a gateway by which nothing is accepted')
      const late = await answerOf(accept({ disputeRef, attemptRef: 'pay_contract_1', key: 'a', at: world.now() }))
      expectEqual(late.kind, 'declined', 'the answer')
      const after = await query(world, disputeRef)
      expectEqual(after === 'notFound' ? after : after.status, 'won', 'how it stands')
    },
  },
]

const naming: readonly GatewayCase[] = [
  {
    name: 'names the disputes that began since a moment, with their payments',
    run: async (create) => {
      const world = await create()
      const list = world.gateway.disputes?.list
      if (list === undefined) throw new Error('a gateway that names no disputes')
      const named = async () =>
        doneValue(await answerOf(list({ since: world.now() - 60 * minute, at: world.now() })), 'list')
      expectEqual(await named(), [], 'before there is one')
      const { disputeRef } = await createDisputed(world)
      expectEqual(await named(), [{ disputeRef, attemptRef: 'pay_contract_1' }], 'the list')
      await world.bank?.decide('pay_contract_1', 'lost')
      expectEqual(await named(), [{ disputeRef, attemptRef: 'pay_contract_1' }], 'the list once it is over')
    },
  },
]

/** What a gateway has to do that tells of disputes, of what it says that it can. */
export const gatewayDisputeCases = (
  capabilities: Pick<GatewayCapabilities, 'notifications'> & Partial<Pick<GatewayCapabilities, 'refund'>>,
  disputes:
    | {
        readonly submitEvidence?: unknown
        readonly files?: DisputePort['files']
        readonly accept?: unknown
        readonly list?: unknown
      }
    | undefined,
): readonly GatewayCase[] => [
  ...(capabilities.notifications !== 'none' ? telling : []),
  ...(capabilities.notifications !== 'none' && capabilities.refund === 'api' ? refunding : []),
  ...(disputes === undefined ? [] : asking),
  ...(disputes?.submitEvidence === undefined ? [] : contesting),
  ...(disputes?.accept === undefined ? [] : accepting),
  ...(disputes?.list === undefined ? [] : naming),
  ...(disputes?.submitEvidence === undefined || disputes.files === undefined ? [] : showing),
]
