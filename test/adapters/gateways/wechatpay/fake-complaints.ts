import { constants, publicEncrypt } from 'node:crypto'
import type { Told } from '../loopback.js'

type Body = Readonly<Record<string, unknown>>

type Entry = {
  readonly at: number
  readonly type: string
  readonly words: string
  readonly pictures?: readonly string[]
}

type Complaint = {
  readonly id: string
  readonly trade: { readonly number: string; readonly id: string; readonly total: number }
  readonly begunAt: number
  readonly state: 'PENDING' | 'PROCESSING' | 'PROCESSED'
  readonly waits: boolean
  readonly wanted: number
  readonly entries: readonly Entry[]
}

const root = '/v3/merchant-service/complaints-v2'
const inShanghai = (at: number) => `${new Date(at + 28_800_000).toISOString().slice(0, 19)}+08:00`

/** Complaints 2.0 of API v3: what payers say, what the merchant answers, and how far each has come. */
export const createFakeComplaints = (world: {
  readonly mchId: string
  readonly merchantKey: string
  readonly phone: string
  readonly now: () => number
  readonly find: (
    number: string,
  ) => { readonly number: string; readonly id: string; readonly total: number } | undefined
  readonly say: (status: number, body: object) => Told
  readonly done: () => Told
  readonly notify: (type: string, facts: object) => void
}) => {
  const { mchId, now, say } = world
  const complaints = new Map<string, Complaint>()
  let loses = false
  const refuse = (status: number, code: string): Told => say(status, { code, message: `refused: ${code}` })
  const keep = (complaint: Complaint, action: string) => {
    complaints.set(complaint.id, complaint)
    world.notify(action === 'CREATE_COMPLAINT' ? 'COMPLAINT.CREATE' : 'COMPLAINT.STATE_CHANGE', {
      complaint_id: complaint.id,
      action_type: action,
    })
  }
  const add = (complaint: Complaint, type: string, words = ''): readonly Entry[] => [
    // The latest comes first.
    { at: now(), type, words },
    ...complaint.entries,
  ]

  const tell = ({ id, trade, begunAt, state, waits, wanted, entries }: Complaint) => ({
    complaint_id: id,
    complaint_time: inShanghai(begunAt),
    complaint_detail: entries.at(-1)?.words,
    complaint_state: state,
    complainted_mchid: mchId,
    payer_phone: publicEncrypt(
      { key: world.merchantKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      Buffer.from(world.phone),
    ).toString('base64'),
    payer_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    complaint_media_list: [],
    complaint_order_info: [{ transaction_id: trade.id, out_trade_no: trade.number, amount: trade.total }],
    complaint_full_refunded: false,
    incoming_user_response: waits,
    problem_description: '未收到货',
    problem_type: wanted > 0 ? 'REFUND' : 'OTHERS',
    ...(wanted > 0 ? { apply_refund_amount: wanted } : {}),
    user_complaint_times: 1,
  })

  const respond = (complaint: Complaint, body: Body): Told => {
    const { response_content: words, response_images: pictures = [] } = body
    if (!Array.isArray(pictures) || pictures.length > 4) return refuse(400, 'PARAM_ERROR')
    if (typeof words !== 'string' || words === '' || [...words].length > 200) return refuse(400, 'PARAM_ERROR')
    if (complaint.state === 'PROCESSED') return refuse(400, 'INVALID_REQUEST')
    const [entry, ...earlier] = add(complaint, 'MERCHANT_RESPONSE', words)
    const entries = entry === undefined ? earlier : [{ ...entry, pictures }, ...earlier]
    keep({ ...complaint, state: 'PROCESSING', waits: false, entries }, 'MERCHANT_RESPONSE')
    if (!loses) return world.done()
    loses = false
    return { status: 502, body: 'lost' }
  }
  const complete = (complaint: Complaint): Told => {
    if (complaint.state !== 'PROCESSING') return refuse(400, 'INVALID_REQUEST')
    const entries = add(complaint, 'MERCHANT_CONFIRM_COMPLETE')
    keep({ ...complaint, state: 'PROCESSED', waits: false, entries }, 'MERCHANT_CONFIRM_COMPLETE')
    return world.done()
  }

  const page = <Row>(rows: readonly Row[], url: URL, write: (row: Row) => object): Told => {
    const limit = Number(url.searchParams.get('limit') ?? 10)
    const offset = Number(url.searchParams.get('offset') ?? 0)
    if (limit < 1 || limit > 50) return refuse(400, 'PARAM_ERROR')
    return say(200, { data: rows.slice(offset, offset + limit).map(write), limit, offset, total_count: rows.length })
  }
  const list = (url: URL): Told => {
    const [from, to] = ['begin_date', 'end_date'].map((name) =>
      Date.parse(`${url.searchParams.get(name) ?? ''}T00:00:00+08:00`),
    )
    const isSound = from !== undefined && to !== undefined && to >= from && to - from <= 30 * 86_400_000
    if (!isSound || url.searchParams.get('complainted_mchid') !== mchId) return refuse(400, 'PARAM_ERROR')
    const found = [...complaints.values()].filter(({ begunAt }) => begunAt >= from && begunAt < to + 86_400_000)
    return page(found, url, tell)
  }

  return {
    complaints,
    /** A payer complains of a trade, and wants so much back; nothing unless told. */
    complain: (number: string, words: string, wanted = 0): string => {
      const trade = world.find(number)
      if (trade === undefined) return ''
      const id = `2002018202001010800766${String(10_001 + complaints.size)}`
      const entries = [{ at: now(), type: 'USER_CREATE_COMPLAINT', words }]
      keep({ id, trade, begunAt: now(), state: 'PENDING', waits: true, wanted, entries }, 'CREATE_COMPLAINT')
      return id
    },
    /** The payer says more; where it was over it begins anew. */
    goOn: (number: string, words: string) => {
      for (const complaint of complaints.values()) {
        if (complaint.trade.number !== number) continue
        const isOver = complaint.state === 'PROCESSED'
        const entries = add(complaint, isOver ? 'USER_CONTINUE_COMPLAINT' : 'USER_RESPONSE', words)
        const state = isOver ? 'PENDING' : complaint.state
        keep({ ...complaint, state, waits: true, entries }, isOver ? 'CONTINUE_COMPLAINT' : 'USER_RESPONSE')
      }
    },
    /** The next answer of the merchant is heard, and what is said to it is lost. */
    loseNextAnswer: () => {
      loses = true
    },
    /** Answers a request; undefined where it is about something else. */
    answer: (method: string, url: URL, body: Body): Told | undefined => {
      const { pathname } = url
      if (!pathname.startsWith(root)) return undefined
      if (method === 'GET' && pathname === root) return list(url)
      const [, id = '', verb] = /^\/([^/]+)(?:\/([a-z-]+))?$/.exec(pathname.slice(root.length)) ?? []
      const complaint = complaints.get(id)
      if (complaint === undefined) return refuse(404, 'RESOURCE_NOT_EXISTS')
      if (method === 'GET' && verb === undefined) return say(200, tell(complaint))
      if (method === 'GET' && verb === 'negotiation-historys') {
        return page(complaint.entries, url, ({ at, type, words }) => ({
          log_id: `30028532021${at}`,
          operator: '投诉人',
          operate_time: inShanghai(at),
          operate_type: type,
          ...(words === '' ? {} : { operate_details: words }),
        }))
      }
      if (method !== 'POST' || body.complainted_mchid !== mchId) return refuse(400, 'PARAM_ERROR')
      if (verb === 'response') return respond(complaint, body)
      return verb === 'complete' ? complete(complaint) : undefined
    },
  }
}
