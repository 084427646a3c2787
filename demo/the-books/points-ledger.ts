import type { Message, PointsEntry, PointsPage } from 'shopwright'
import { right } from '../columns.js'
import type { Story } from '../story.js'
import type { Customer } from '../the-day/customer.js'
import { verdict } from './verdict.js'

type Place = PointsEntry['parts'][number]['place']

/** The member's points: every movement on both sides, held against what the member is told. */
export const printPointsLedger = async (story: Story, customer: Customer): Promise<boolean> => {
  const { say, locale } = story
  const { entries, available, debt } = await readPoints(story, customer)
  story.chapter('The books: points', '账本：积分')
  const places = Object.keys(placeNames).filter(
    (place): place is Place =>
      isPlace(place) && entries.some(({ parts }) => parts.some((part) => part.place === place)),
  )
  const sumOf = (of: readonly PointsEntry[], place: Place): number =>
    of.flatMap(({ parts }) => parts).reduce((sum, part) => sum + (part.place === place ? part.delta : 0), 0)
  const signed = (points: number): string => (points > 0 ? `+${points}` : points === 0 ? '' : String(points))
  story.table(
    [
      [say('when', '时间'), say('movement', '变动'), ...places.map((place) => right(placeNames[place][locale]))],
      ...entries.map((entry) => [
        story.when(entry.at),
        movementNames[entry.type][locale],
        ...places.map((place) => right(signed(sumOf([entry], place)))),
      ]),
      ['', say('total', '合计'), ...places.map((place) => right(String(sumOf(entries, place))))],
    ],
    { head: true, total: true },
  )
  const even = entries.every(({ parts }) => parts.reduce((sum, { delta }) => sum + delta, 0) === 0)
  story.note(`the member is told: ${available} to spend`, `会员看到的可用积分：${available}`)
  return verdict(
    story,
    entries.length > 0 && even && sumOf(entries, 'lots') === available && sumOf(entries, 'debt') === -debt,
  )
}

const readPoints = async ({ shop, must, by }: Story, customer: Customer) => {
  const entries: PointsEntry[] = []
  for (let after: PointsPage['next'] = null; ; ) {
    const asked = { limit: 100, ...(after === null ? {} : { after }) }
    const page: PointsPage = must('pointsPage', await shop.membership.pointsPage(by(customer), asked))
    entries.push(...page.entries)
    if (page.next === null) {
      const { available, debt } = page
      return { entries: [...entries].sort(byTime), available, debt }
    }
    after = page.next
  }
}

const byTime = (a: PointsEntry, b: PointsEntry): number => a.at - b.at || movementRank(a) - movementRank(b)

// What one commit has moved stands under one moment; told in the order of a life.
const movementRank = ({ type }: PointsEntry): number => Object.keys(movementNames).indexOf(type)

const movementNames: Readonly<Record<PointsEntry['type'], Message>> = {
  PointsGranted: { en: 'received', 'zh-CN': '获得' },
  PointsPromised: { en: 'promised', 'zh-CN': '待生效' },
  PointsActivated: { en: 'promised ones came', 'zh-CN': '生效' },
  PointsHeld: { en: 'held for the order', 'zh-CN': '下单冻结' },
  HoldSettled: { en: 'spent on the order', 'zh-CN': '付款抵扣' },
  HoldReleased: { en: 'set free again', 'zh-CN': '解除冻结' },
  PointsRestored: { en: 'given back', 'zh-CN': '退货退回' },
  PointsClawedBack: { en: 'taken back', 'zh-CN': '退货收回' },
  PointsExpired: { en: 'lapsed', 'zh-CN': '过期' },
  PointsAccountClosed: { en: 'account closed', 'zh-CN': '账户关闭' },
}

const placeNames: Readonly<Record<Place, Message>> = {
  minted: { en: 'shop', 'zh-CN': '店铺' },
  pending: { en: 'to come', 'zh-CN': '待生效' },
  lots: { en: 'member', 'zh-CN': '会员' },
  held: { en: 'held', 'zh-CN': '冻结' },
  spent: { en: 'spent', 'zh-CN': '已用' },
  expired: { en: 'lapsed', 'zh-CN': '过期' },
  clawedBack: { en: 'taken back', 'zh-CN': '收回' },
  debt: { en: 'owed', 'zh-CN': '欠分' },
  lost: { en: 'lost', 'zh-CN': '作废' },
}

const isPlace = (place: string): place is Place => Object.hasOwn(placeNames, place)
