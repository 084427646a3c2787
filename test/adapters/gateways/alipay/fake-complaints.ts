import type { Told } from '../loopback.js'

type Params = Readonly<Record<string, string>>

type Trade = { readonly number: string; readonly id: string; readonly yuan: string }
type Reply = { readonly role: 'USER' | 'MERCHANT' | 'SYSTEM'; readonly at: number; readonly words: string }
type Status = 'MERCHANT_PROCESSING' | 'MERCHANT_FEEDBACKED' | 'FINISHED' | 'CANCELLED' | 'PLATFORM_PROCESSING'

type Complaint = {
  readonly id: string
  readonly trade: Trade
  readonly status: Status
  readonly begunAt: number
  readonly changedAt: number
  readonly words: string
  readonly replies: readonly Reply[]
}

const inShanghai = (at: number) => new Date(at + 28_800_000).toISOString().slice(0, 19).replace('T', ' ')
const feedbackCodes = ['00', '02', '03', '04', '05', '06']

/** Complaints over trades: what payers say, what the merchant answers, and how far each has come. */
export const createFakeComplaints = (world: {
  readonly phone: string
  readonly now: () => number
  readonly find: (number: string) => Trade | undefined
  readonly done: (method: string, facts: object) => Told
  readonly refuse: (method: string, code: string) => Told
  readonly notify: (complaintId: string) => void
}) => {
  const { now, done, refuse } = world
  const complaints = new Map<string, Complaint>()
  /** What the merchant settled with, by complaint. */
  const feedback = new Map<string, Params>()
  /** What the merchant has shown, by complaint. */
  const shown = new Map<string, readonly string[]>()
  const show = ({ id }: Complaint, images = '') =>
    shown.set(id, [...(shown.get(id) ?? []), ...images.split(',').filter((image) => image !== '')])
  let loses = false
  const keep = (complaint: Complaint) => {
    complaints.set(complaint.id, { ...complaint, changedAt: now() })
    world.notify(complaint.id)
  }
  const said = (complaint: Complaint, role: Reply['role'], words: string): readonly Reply[] => [
    ...complaint.replies,
    { role, at: now(), words },
  ]
  const answered = (method: string): Told => {
    if (!loses) return done(method, {})
    loses = false
    return { status: 502, body: 'lost' }
  }

  const name = ({ id, trade, status, begunAt, changedAt }: Complaint) => ({
    complain_event_id: id,
    status,
    trade_no: trade.id,
    merchant_order_no: trade.number,
    gmt_create: inShanghai(begunAt),
    gmt_modified: inShanghai(changedAt),
    leaf_category_name: '未收到货',
    complain_reason: '未收到货',
  })
  const tell = (complaint: Complaint) => ({
    ...name(complaint),
    content: complaint.words,
    images: [],
    phone_no: world.phone,
    trade_amount: complaint.trade.yuan,
    reply_detail_infos: complaint.replies.map(({ role, at, words }) => ({
      replier_name: role,
      replier_role: role,
      gmt_create: inShanghai(at),
      content: words,
      images: [],
    })),
  })

  const list = (
    method: string,
    { begin_time = '', end_time = '', ...page }: Readonly<Record<string, unknown>>,
  ): Told => {
    const size = Number(page.page_size)
    const number = Number(page.page_num)
    if (!(size > 0 && size <= 20 && number > 0)) return refuse(method, 'INVALID_PARAMETER')
    const found = [...complaints.values()].filter(({ begunAt }) => {
      const at = inShanghai(begunAt)
      return at >= String(begin_time) && at <= String(end_time)
    })
    return done(method, {
      page_num: number,
      page_size: size,
      total_num: found.length,
      total_page_num: Math.ceil(found.length / size),
      trade_complain_infos: found.slice((number - 1) * size, number * size).map(name),
    })
  }
  const isText = (text: string | undefined): text is string =>
    text !== undefined && text !== '' && [...text].length <= 200

  return {
    complaints,
    feedback,
    shown,
    complain: (number: string, words: string): string => {
      const trade = world.find(number)
      if (trade === undefined) return ''
      const id = `2026030200171000010000${complaints.size + 11}`
      const at = now()
      keep({ id, trade, status: 'MERCHANT_PROCESSING', begunAt: at, changedAt: at, words, replies: [] })
      return id
    },
    /** The payer says more. */
    goOn: (number: string, words: string) => {
      for (const complaint of complaints.values()) {
        if (complaint.trade.number === number) keep({ ...complaint, replies: said(complaint, 'USER', words) })
      }
    },
    end: (number: string, status: Status = 'FINISHED') => {
      for (const complaint of complaints.values()) {
        if (complaint.trade.number === number) keep({ ...complaint, status })
      }
    },
    /** The next answer of the merchant is heard, and what is said to it is lost. */
    loseNextAnswer: () => {
      loses = true
    },
    /** Answers a request; undefined where it is about something else. */
    answer: (method: string, content: Params): Told | undefined => {
      const [, verb] = /^alipay\.merchant\.tradecomplain\.([a-z.]+)$/.exec(method) ?? []
      if (verb === undefined) return undefined
      if (verb === 'batchquery') return list(method, content)
      const complaint = complaints.get(content.complain_event_id ?? '')
      if (complaint === undefined) return refuse(method, 'COMPLAIN_NOT_EXIST')
      if (verb === 'query') return done(method, tell(complaint))
      const isTurn = complaint.status === 'MERCHANT_PROCESSING'
      if (verb === 'reply.submit') {
        if (!isText(content.reply_content) || complaint.status === 'FINISHED')
          return refuse(method, 'INVALID_PARAMETER')
        show(complaint, content.reply_images)
        keep({ ...complaint, replies: said(complaint, 'MERCHANT', content.reply_content) })
        return answered(method)
      }
      if (verb !== 'feedback.submit') return refuse(method, 'isv.invalid-method')
      if (!isTurn) return refuse(method, 'COMPLAIN_STATUS_ILLEGAL')
      if (!isText(content.feedback_content) || !feedbackCodes.includes(content.feedback_code ?? '')) {
        return refuse(method, 'INVALID_PARAMETER')
      }
      feedback.set(complaint.id, content)
      show(complaint, content.feedback_images)
      keep({ ...complaint, status: 'MERCHANT_FEEDBACKED' })
      return answered(method)
    },
  }
}
