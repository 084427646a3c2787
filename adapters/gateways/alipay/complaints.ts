import { ResultAsync } from 'neverthrow'
import type {
  DisputeEvidence,
  DisputePort,
  DisputeReference,
  DisputeSnapshot,
  EvidenceFile,
  Outcome,
} from 'shopwright/payments'
import * as z from 'zod'
import { isSaid } from '../complaint-words.js'
import { endingOf, fileNameOf } from '../multipart.js'
import { inShanghai } from '../shanghai-time.js'
import { untold } from '../untold.js'
import type { AlipayClient, AlipayReply } from './client.js'
import { type Complaint, complaintNameOf, readComplaint, snapshotOf } from './complaint-facts.js'
import { errorOf, plainSubCode } from './error-codes.js'
import type { AlipaySetup } from './options.js'

/** An answer that says nothing of what was asked. */
type Refusal = Extract<Outcome<never>, { kind: 'declined' | 'unknown' }>

/** What an answer to a complaint may be long. */
const mostCharacters = 200
/** How many pictures it takes at a time is not said anywhere; no more than elsewhere, then. */
const mostPictures = 4
const mostPictureBytes = 5_000_000
const pageSize = 20
/** More pages than that are not asked for at a time. */
const mostPages = 100

type Setup = Pick<AlipaySetup, 'answerComplaintsWithinMs'>

/**
 * How Alipay is spoken to about complaints of payers over trades: they hold no money, and want an answer. Pictures go to
 * it before the answer that names them.
 *
 * @source opendocs.alipay.com: alipay.merchant.tradecomplain.reply.submit and feedback.submit, alipay.merchant.image.upload
 */
export const createComplaintPort = (setup: Setup, client: AlipayClient): DisputePort => ({
  mostCharacters,
  files: {
    mediaTypes: ['image/jpeg', 'image/png'],
    mostFiles: mostPictures,
    mostOfAKind: mostPictures,
    mostBytes: mostPictureBytes,
    mostBytesTogether: mostPictures * mostPictureBytes,
  },
  query: ({ disputeRef, attemptRef, at }) =>
    ResultAsync.fromSafePromise(
      look(client, disputeRef, at).then((found) => {
        if (found === 'notFound') return { kind: 'ok' as const, value: found }
        if ('kind' in found) return found
        // An answer about something else proves nothing about this.
        return found.attemptRef === attemptRef ? { kind: 'ok', value: snapshotOf(setup, found) } : unparsable
      }),
    ),
  submitEvidence: (request) => ResultAsync.fromSafePromise(answer(setup, client, request)),
  read: ({ disputeRef, at }) =>
    ResultAsync.fromSafePromise(
      look(client, disputeRef, at).then((found) => {
        if (found === 'notFound') return { kind: 'ok' as const, value: found }
        if ('kind' in found) return found
        return { kind: 'ok', value: { phone: found.phone, statements: found.statements } }
      }),
    ),
  list: ({ since, at }) => ResultAsync.fromSafePromise(list(client, since, at)),
})

/**
 * Asks how a complaint stands that was told of unasked.
 *
 * @returns null where there is none, `unknown` where nobody can say now
 */
export const hearComplaint = async (
  setup: Setup,
  client: AlipayClient,
  complaintId: string,
  at: number,
): Promise<DisputeSnapshot | 'unknown' | null> => {
  const found = await look(client, complaintId, at)
  if (found === 'notFound') return null
  return 'kind' in found ? 'unknown' : snapshotOf(setup, found)
}

const look = async (
  client: AlipayClient,
  complaintId: string,
  at: number,
): Promise<Complaint | 'notFound' | Refusal> => {
  const content = { complain_event_id: complaintId }
  const reply = await client.ask({ method: 'alipay.merchant.tradecomplain.query', content, at })
  if (reply.kind === 'refused' && plainSubCode(reply.subCode).includes('NOT_EXIST')) return 'notFound'
  if (reply.kind !== 'done') return refuse(reply)
  const read = readComplaint(reply.body)
  return read === null || read.id !== complaintId ? unparsable : read
}

const listBody = z.object({
  trade_complain_infos: z.array(z.unknown()).default([]),
  total_page_num: z.coerce.number().int().min(0).default(0),
})

const list = async (
  client: AlipayClient,
  since: number,
  at: number,
): Promise<Refusal | { readonly kind: 'ok'; readonly value: readonly Omit<DisputeReference, 'at'>[] }> => {
  const named: Omit<DisputeReference, 'at'>[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const content = { begin_time: inShanghai(since), end_time: inShanghai(at), page_num: page, page_size: pageSize }
    const reply = await client.ask({ method: 'alipay.merchant.tradecomplain.batchquery', content, at })
    if (reply.kind !== 'done') return refuse(reply)
    const read = listBody.safeParse(reply.body)
    if (!read.success) return unparsable
    named.push(...read.data.trade_complain_infos.map(complaintNameOf).filter((each) => each !== null))
    if (page >= read.data.total_page_num) break
  }
  return { kind: 'ok', value: named }
}

const answer = async (
  setup: Setup,
  client: AlipayClient,
  request: Parameters<NonNullable<DisputePort['submitEvidence']>>[0],
): Promise<Outcome<DisputeSnapshot>> => {
  const { disputeRef, attemptRef, evidence, concludes, at } = request
  const before = await look(client, disputeRef, at)
  if (before === 'notFound') return absent
  if ('kind' in before) return untold(before)
  if (before.attemptRef !== attemptRef) return absent
  const words = evidence.explanation
  // It is settled once; whatever is said besides is said in words.
  const isNew = concludes ? before.waitsForShop : !isSaid(before.statements, words)
  if (isNew) {
    const pictures = await upload(client, evidence.files, at)
    if ('kind' in pictures) return pictures
    const shown = pictures.join(',')
    const said = concludes ? settling(disputeRef, evidence, shown) : saying(disputeRef, words, shown)
    const reply = await client.ask({ at, ...said })
    if (reply.kind !== 'done') return refuse(reply)
  }
  const after = await look(client, disputeRef, at)
  // Alipay has it by now; how the complaint stands is asked again.
  return after === 'notFound' || 'kind' in after
    ? { kind: 'pending', gatewayRef: disputeRef, pollAfterMs: null }
    : { kind: 'ok', value: snapshotOf(setup, after) }
}

const pictureBody = z.object({ image_id: z.string().min(1) })

/** Hands pictures over. @returns what Alipay calls them */
const upload = async (
  client: AlipayClient,
  files: readonly EvidenceFile[],
  at: number,
): Promise<readonly string[] | Refusal> => {
  const named: string[] = []
  for (const [place, file] of files.entries()) {
    const { mediaType, bytes } = file
    const reply = await client.upload({
      method: 'alipay.merchant.image.upload',
      words: { image_type: endingOf(file) },
      file: { field: 'image_content', fileName: fileNameOf(file, place), mediaType, bytes },
      at,
    })
    if (reply.kind !== 'done') return refuse(reply)
    const read = pictureBody.safeParse(reply.body)
    if (!read.success) return unparsable
    named.push(read.data.image_id)
  }
  return named
}

const saying = (complaintId: string, words: string, shown: string) => ({
  method: 'alipay.merchant.tradecomplain.reply.submit',
  content: {
    complain_event_id: complaintId,
    reply_content: words,
    ...(shown === '' ? {} : { reply_images: shown }),
  },
})

const settling = (complaintId: string, evidence: DisputeEvidence, shown: string) => ({
  method: 'alipay.merchant.tradecomplain.feedback.submit',
  content: {
    complain_event_id: complaintId,
    feedback_code: feedbackCodeOf(evidence),
    feedback_content: evidence.explanation,
    ...(shown === '' ? {} : { feedback_images: shown }),
  },
})

// Given back another way, sent, or anything else: as the shop's own books have it.
const feedbackCodeOf = ({ refunded, parcels }: DisputeEvidence): string =>
  refunded.minor > 0 ? '02' : parcels.length > 0 ? '03' : '04'

const unparsable: Refusal = { kind: 'unknown', cause: 'unparsable' }
const absent: Refusal = { kind: 'declined', error: { code: 'MerchantConfig', gatewayCode: 'COMPLAIN_NOT_EXIST' } }

const refuse = (reply: Exclude<AlipayReply, { kind: 'done' }>): Refusal =>
  reply.kind === 'unknown' ? reply : { kind: 'declined', error: errorOf(reply) }
