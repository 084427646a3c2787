import type { DisputePort, DisputeSnapshot, EvidenceFile } from 'shopwright/payments'
import { expectEqual, expectTrue } from './assert.js'
import { evidenceFiles, expectShown } from './evidence-files.js'
import { expectRecent } from './gateway-times.js'
import {
  answerOf,
  createPaid,
  doneValue,
  type GatewayCase,
  type GatewayUnderTest,
  minute,
  takeDisputes,
} from './gateway-under-test.js'

const attemptRef = 'pay_contract_1'
const words = 'The parcel never came.'

const portOf = ({
  gateway,
}: GatewayUnderTest): Required<Omit<DisputePort, 'files' | 'accept'>> & Pick<DisputePort, 'files'> => {
  const { submitEvidence, read, list, query, mostCharacters, files } = gateway.disputes ?? {}
  if (
    query === undefined ||
    submitEvidence === undefined ||
    read === undefined ||
    list === undefined ||
    mostCharacters === undefined
  ) {
    throw new Error('a gateway without complaints')
  }
  return { query, submitEvidence, read, list, mostCharacters, ...(files === undefined ? {} : { files }) }
}

/** A paid payment of which its payer complains. */
const createComplaint = async (world: GatewayUnderTest): Promise<DisputeSnapshot> => {
  const { complainer } = world
  if (complainer === undefined) throw new Error('nobody to complain')
  await createPaid(world)
  await world.takeNotifications()
  await complainer.complain(attemptRef, words)
  const [complaint] = await takeDisputes(world)
  if (complaint === undefined) throw new Error('nothing was said of the complaint')
  return complaint
}

const answerTo = (
  world: GatewayUnderTest,
  disputeRef: string,
  explanation: string,
  concludes: boolean,
  files: readonly EvidenceFile[] = [],
) =>
  answerOf(
    portOf(world).submitEvidence({
      disputeRef,
      attemptRef,
      key: `evidence:${explanation}`,
      at: world.now(),
      concludes,
      evidence: {
        explanation,
        goods: ['Kettle'],
        parcels: [{ carrier: 'sf-express', trackingNumber: 'SF1', shippedAt: world.now() - minute, deliveredAt: null }],
        refunded: { minor: 0, currency: world.currency },
        files,
      },
    }),
  )

const saidBy = async (world: GatewayUnderTest, disputeRef: string, speaker: 'payer' | 'shop') => {
  const asked = { disputeRef, attemptRef, at: world.now() }
  const found = doneValue(await answerOf(portOf(world).read(asked)), 'what is said')
  if (found === 'notFound') throw new Error('the complaint is not there')
  return found.statements.filter(({ by, text }) => by === speaker && text !== '').map(({ text }) => text)
}

/** What a gateway has to do whose payers complain there, without money being held. */
export const gatewayComplaintCases: readonly GatewayCase[] = [
  {
    name: 'tells of a complaint: of which payment, that it holds nothing, and until when it wants an answer',
    run: async (create) => {
      const world = await create()
      const complaint = await createComplaint(world)
      expectEqual([complaint.attemptRef, complaint.status], [attemptRef, 'inquiry'], 'the complaint')
      expectEqual(complaint.amount.currency, world.currency, 'its currency')
      expectTrue(complaint.amount.minor > 0 && complaint.amount.minor <= 10_000, 'its amount')
      expectTrue((complaint.evidenceDueAt ?? 0) > world.now(), 'it wants no answer')
      expectTrue((complaint.evidenceDueAt ?? 0) < world.now() + 730 * 1440 * minute, 'it wants an answer in years')
      expectTrue((complaint.lostMinor ?? 0) === 0, 'money is lost')
      expectRecent(world, complaint.at, 'the complaint')
    },
  },
  {
    name: 'says the same of a complaint twice, at the same moment of its own, while nothing happens',
    run: async (create) => {
      const world = await create()
      const told = await createComplaint(world)
      const asked = { disputeRef: told.disputeRef, attemptRef, at: world.now() }
      expectEqual(doneValue(await answerOf(portOf(world).query(asked)), 'the answer'), told, 'the same complaint')
      const other = { ...asked, disputeRef: `${told.disputeRef.slice(0, -1)}0` }
      expectEqual(doneValue(await answerOf(portOf(world).query(other)), 'for none'), 'notFound', 'none')
      expectEqual(doneValue(await answerOf(portOf(world).read(other)), 'for none'), 'notFound', 'none, read')
    },
  },
  {
    name: 'shows what the payer says, and the number they left',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createComplaint(world)
      expectEqual(await saidBy(world, disputeRef, 'payer'), [words], 'what is said')
      const asked = { disputeRef, attemptRef, at: world.now() }
      const found = doneValue(await answerOf(portOf(world).read(asked)), 'what is said')
      expectEqual(found === 'notFound' ? found : found.phone, world.complainer?.phone, 'the number')
      if (found !== 'notFound') for (const { at } of found.statements) expectRecent(world, at, 'what is said')
    },
  },
  {
    name: 'takes an answer once, however often it is sent, and then waits for none until the payer goes on',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createComplaint(world)
      const first = doneValue(await answerTo(world, disputeRef, 'It is with the carrier.', false), 'the answer')
      expectEqual([first.status, first.evidenceDueAt], ['inquiry', null], 'how it stands')
      doneValue(await answerTo(world, disputeRef, 'It is with the carrier.', false), 'the same again')
      expectEqual(await saidBy(world, disputeRef, 'shop'), ['It is with the carrier.'], 'what the shop has said')
      await world.complainer?.goOn(attemptRef, 'Still nothing.')
      const again = (await takeDisputes(world)).at(-1)
      expectEqual(again?.status, 'inquiry', 'a payer who goes on')
      expectTrue((again?.evidenceDueAt ?? 0) > world.now(), 'it wants no second answer')
    },
  },
  {
    name: 'knows an answer again of which its own answer was lost',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createComplaint(world)
      world.complainer?.loseNextAnswer()
      expectEqual((await answerTo(world, disputeRef, 'It left today.', false)).kind, 'unknown', 'a lost answer')
      doneValue(await answerTo(world, disputeRef, 'It left today.', false), 'the same again')
      expectEqual(await saidBy(world, disputeRef, 'shop'), ['It left today.'], 'what the shop has said')
    },
  },
  {
    name: 'takes the files that go with an answer, as many and of such kinds as it says, and each once',
    run: async (create) => {
      const world = await create()
      const { files: terms } = portOf(world)
      if (terms === undefined) return
      const { disputeRef } = await createComplaint(world)
      const files = evidenceFiles(terms)
      for (const _ of ['once', 'again']) {
        doneValue(await answerTo(world, disputeRef, 'It is in the picture.', false, files), 'the answer')
      }
      await expectShown(world, attemptRef, files)
    },
  },
  {
    name: 'is settled by an answer that says so',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createComplaint(world)
      const after = doneValue(await answerTo(world, disputeRef, 'It was handed over.', true), 'the answer')
      expectTrue(after.evidenceDueAt === null, 'it still wants an answer')
      await world.complainer?.end(attemptRef)
      const asked = { disputeRef, attemptRef, at: world.now() }
      const ended = doneValue(await answerOf(portOf(world).query(asked)), 'the end')
      expectEqual(ended === 'notFound' ? ended : ended.status, 'won', 'how it ended')
    },
  },
  {
    name: 'names the complaints that began since a moment',
    run: async (create) => {
      const world = await create()
      const { disputeRef } = await createComplaint(world)
      const since = async (at: number) =>
        doneValue(await answerOf(portOf(world).list({ since: at, at: world.now() })), 'the list')
      expectEqual(await since(world.now() - 60 * minute), [{ disputeRef, attemptRef }], 'the complaints')
    },
  },
]
