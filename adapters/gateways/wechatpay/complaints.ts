import { createHash } from 'node:crypto'
import { ResultAsync } from 'neverthrow'
import type {
  DisputeCase,
  DisputePort,
  DisputeReason,
  DisputeReference,
  DisputeSnapshot,
  EvidenceFile,
  Outcome,
} from 'shopwright/payments'
import * as z from 'zod'
import { isSaid, lastAsked, lastSaid, type Statement } from '../complaint-words.js'
import { fileNameOf } from '../multipart.js'
import { readReference } from '../reference.js'
import { openOaep } from '../rsa.js'
import { untold } from '../untold.js'
import type { WechatPayClient } from './client.js'
import { type Complaint, type Refusal, readComplaint, readStatements } from './complaint-facts.js'
import { errorOf, isAbsent } from './error-codes.js'
import type { WechatPaySetup } from './options.js'

const root = '/v3/merchant-service/complaints-v2'
const pageSize = 50
/** More pages than that are not asked for at a time. */
const mostPages = 40

/** What an answer to a complaint may be long. */
const mostCharacters = 200
const mostPictures = 4
const mostPictureBytes = 2_000_000

/**
 * How WeChat Pay is spoken to about complaints of payers: they hold no money, and want an answer. A complaint is one of
 * one payment. Pictures go to it before the answer that names them.
 *
 * @source pay.weixin.qq.com: 消费者投诉2.0, 回复用户 and 商户上传反馈图片
 */
export const createComplaintPort = (setup: WechatPaySetup, client: WechatPayClient): DisputePort => ({
  mostCharacters,
  files: {
    mediaTypes: ['image/jpeg', 'image/png', 'image/bmp'],
    mostFiles: mostPictures,
    mostOfAKind: mostPictures,
    mostBytes: mostPictureBytes,
    mostBytesTogether: mostPictures * mostPictureBytes,
  },
  query: (asked) =>
    ResultAsync.fromSafePromise(
      look(setup, client, asked.disputeRef, asked.at).then((found) => {
        if ('kind' in found) return found
        if (found.snapshot === null) return { kind: 'ok' as const, value: 'notFound' as const }
        // An answer about something else proves nothing about this.
        return found.snapshot.attemptRef === asked.attemptRef ? { kind: 'ok', value: found.snapshot } : unparsable
      }),
    ),
  submitEvidence: (request) => ResultAsync.fromSafePromise(answer(setup, client, request)),
  read: (asked) =>
    ResultAsync.fromSafePromise(
      look(setup, client, asked.disputeRef, asked.at).then((found) => {
        if ('kind' in found) return found
        return { kind: 'ok', value: found.said ?? ('notFound' as const) }
      }),
    ),
  list: ({ since, at }) => ResultAsync.fromSafePromise(list(setup, client, since, at)),
})

/**
 * Asks how a complaint stands that was told of unasked.
 *
 * @returns null where it is none of the shop's, `unknown` where nobody can say now
 */
export const hearComplaint = async (
  setup: WechatPaySetup,
  client: WechatPayClient,
  complaintId: string,
  at: number,
): Promise<DisputeSnapshot | 'unknown' | null> => {
  const found = await look(setup, client, complaintId, at)
  return 'kind' in found ? 'unknown' : found.snapshot
}

/** A complaint, as far as there is one. */
type Found = { readonly snapshot: DisputeSnapshot | null; readonly said: DisputeCase | null }

const nothing: Found = { snapshot: null, said: null }

const look = async (
  setup: WechatPaySetup,
  client: WechatPayClient,
  complaintId: string,
  at: number,
): Promise<Found | Refusal> => {
  // What was said comes first: the complaint is then at least as new as the last of it.
  const statements = await history(client, complaintId, at)
  if ('kind' in statements) return statements
  const reply = await client.ask({ method: 'GET', path: pathOf(complaintId), at })
  if (isAbsent(reply)) return nothing
  if (reply.kind !== 'done') return refuse(reply)
  const complaint = readComplaint(reply.body)
  if (complaint === null || complaint.id !== complaintId) return unparsable
  if (complaint.mchId !== setup.signer.mchId || complaint.order === null) return nothing
  const { phone } = complaint
  return {
    snapshot: tell(setup, complaint, complaint.order, statements),
    said: {
      phone: phone === null ? null : openOaep(setup.signer.key, phone),
      statements: statements.length > 0 ? statements : [{ by: 'payer', text: complaint.text, at: complaint.begunAt }],
    },
  }
}

const tell = (
  { answerComplaintsWithinMs }: WechatPaySetup,
  { id, begunAt, state, waits, reason, wantedMinor }: Complaint,
  order: NonNullable<Complaint['order']>,
  statements: readonly Statement[],
): DisputeSnapshot => {
  const isDue = state === 'PENDING' || (state === 'PROCESSING' && waits)
  return {
    kind: 'dispute',
    disputeRef: id,
    attemptRef: readReference(order.tradeNumber),
    status: state === 'PROCESSED' ? 'won' : 'inquiry',
    reason: reasons[reason] ?? 'other',
    amount: { minor: wantedMinor ?? order.totalMinor, currency: 'CNY' },
    lostMinor: null,
    feeMinor: null,
    evidenceDueAt: isDue ? lastAsked(statements, begunAt) + answerComplaintsWithinMs : null,
    at: lastSaid(statements, begunAt),
  }
}

const reasons: Readonly<Partial<Record<string, DisputeReason>>> = { SERVICE_NOT_WORK: 'notReceived' }

const historyBody = z.object({ data: z.array(z.unknown()).default([]), total_count: z.int().min(0).default(0) })

const history = async (
  client: WechatPayClient,
  complaintId: string,
  at: number,
): Promise<readonly Statement[] | Refusal> => {
  const pages = await readPages(client, at, (page) => `${pathOf(complaintId)}/negotiation-historys?${page}`)
  if ('kind' in pages) return pages
  const statements = readStatements(pages)
  return statements ?? unparsable
}

const list = async (
  { signer }: WechatPaySetup,
  client: WechatPayClient,
  since: number,
  at: number,
): ReturnType<typeof listOf> => {
  const days = `begin_date=${dayOf(since)}&end_date=${dayOf(at)}&complainted_mchid=${signer.mchId}`
  return listOf(await readPages(client, at, (page) => `${root}?${page}&${days}`))
}

const listOf = async (
  rows: readonly unknown[] | Refusal,
): Promise<Refusal | { readonly kind: 'ok'; readonly value: readonly Omit<DisputeReference, 'at'>[] }> => {
  if ('kind' in rows) return rows
  const named = rows
    .map(readComplaint)
    .flatMap((each) =>
      each?.order === null || each === null
        ? []
        : [{ disputeRef: each.id, attemptRef: readReference(each.order.tradeNumber) }],
    )
  return { kind: 'ok', value: named }
}

/** Asks page after page of a list; a thing of which nothing is known has an empty one. */
const readPages = async (
  client: WechatPayClient,
  at: number,
  pathOfPage: (page: string) => string,
): Promise<readonly unknown[] | Refusal> => {
  const rows: unknown[] = []
  for (let page = 0; page < mostPages; page += 1) {
    const path = pathOfPage(`limit=${pageSize}&offset=${page * pageSize}`)
    const reply = await client.ask({ method: 'GET', path, at })
    if (isAbsent(reply)) break
    if (reply.kind !== 'done') return refuse(reply)
    const read = historyBody.safeParse(reply.body)
    if (!read.success) return unparsable
    rows.push(...read.data.data)
    if (read.data.data.length < pageSize || rows.length >= read.data.total_count) break
  }
  return rows
}

const answer = async (
  setup: WechatPaySetup,
  client: WechatPayClient,
  request: Parameters<NonNullable<DisputePort['submitEvidence']>>[0],
): Promise<Outcome<DisputeSnapshot>> => {
  const { disputeRef, attemptRef, evidence, concludes, at } = request
  const body = { complainted_mchid: setup.signer.mchId }
  const before = await look(setup, client, disputeRef, at)
  if ('kind' in before) return untold(before)
  if (before.snapshot === null || before.snapshot.attemptRef !== attemptRef) return absent
  if (!isSaid(before.said?.statements ?? [], evidence.explanation)) {
    const pictures = await upload(client, evidence.files, at)
    if ('kind' in pictures) return pictures
    const path = `${pathOf(disputeRef)}/response`
    const spoken = {
      ...body,
      response_content: evidence.explanation,
      ...(pictures.length === 0 ? {} : { response_images: pictures }),
    }
    const reply = await client.ask({ method: 'POST', path, body: spoken, at })
    if (reply.kind !== 'done') return refuse(reply)
  }
  if (concludes && before.snapshot.status === 'inquiry') {
    const reply = await client.ask({ method: 'POST', path: `${pathOf(disputeRef)}/complete`, body, at })
    // That it is not taken as settled shows in how it stands; the answer was given all the same.
    if (reply.kind === 'unknown') return reply
  }
  const after = await look(setup, client, disputeRef, at)
  // WeChat Pay has it by now; how the complaint stands is asked again.
  return 'kind' in after || after.snapshot === null
    ? { kind: 'pending', gatewayRef: disputeRef, pollAfterMs: null }
    : { kind: 'ok', value: after.snapshot }
}

const pictureBody = z.object({ media_id: z.string().min(1) })

/** Hands pictures over. @returns what WeChat Pay calls them */
const upload = async (
  client: WechatPayClient,
  files: readonly EvidenceFile[],
  at: number,
): Promise<readonly string[] | Refusal> => {
  const named: string[] = []
  for (const [place, file] of files.entries()) {
    const fileName = fileNameOf(file, place)
    const meta = { filename: fileName, sha256: createHash('sha256').update(file.bytes).digest('hex') }
    const reply = await client.upload({
      path: '/v3/merchant-service/images/upload',
      meta,
      file: { fileName, mediaType: file.mediaType, bytes: file.bytes },
      at,
    })
    if (reply.kind !== 'done') return refuse(reply)
    const read = pictureBody.safeParse(reply.body)
    if (!read.success) return unparsable
    named.push(read.data.media_id)
  }
  return named
}

const pathOf = (complaintId: string): string => `${root}/${encodeURIComponent(complaintId)}`

// Days are those of Beijing.
const dayOf = (at: number): string => new Date(at + 28_800_000).toISOString().slice(0, 10)

const unparsable: Refusal = { kind: 'unknown', cause: 'unparsable' }
const absent: Refusal = { kind: 'declined', error: { code: 'MerchantConfig', gatewayCode: 'RESOURCE_NOT_EXISTS' } }

const refuse = (reply: Exclude<Awaited<ReturnType<WechatPayClient['ask']>>, { kind: 'done' }>): Refusal =>
  reply.kind === 'unknown' ? reply : { kind: 'declined', error: errorOf(reply, 'pay') }
