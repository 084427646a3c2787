import { Refusal } from '../refusal.js'
import type { Telling } from '../story.js'

/** Lets the relay deliver everything that waits; says how many events that were. */
export const deliverEvents = async ({ shop, must, terminal, say }: Telling): Promise<number> => {
  let delivered = 0
  for (;;) {
    const turn = must('relay', await shop.upkeep.relay({ worker: 'demo', limit: 2_000 }))
    const [stuck] = [...turn.postponed, ...turn.setAside]
    if (stuck !== undefined) {
      throw new Refusal({
        en: `The relay could not deliver ${stuck.eventId}: ${stuck.reason}.`,
        'zh-CN': `中继无法投递 ${stuck.eventId}：${stuck.reason}。`,
      })
    }
    if (turn.delivered === 0) break
    delivered += turn.delivered
    terminal.progress(say(`  ${delivered} events delivered`, `  已投递 ${delivered} 个事件`))
  }
  terminal.progress('')
  return delivered
}

/** Delivers what waits, lets the letters go out that it leads to, and shows them. */
export const sendLetters = async (story: Telling): Promise<void> => {
  const before = story.mailbox.length
  await deliverEvents(story)
  story.must('sendMessages', await story.shop.upkeep.sendMessages({ limit: 100 }))
  const letters = story.mailbox.slice(before).map(({ subject }) => subject)
  for (const subject of letters.sort()) story.note(`letter to the customer: “${subject}”`, `通知买家：“${subject}”`)
}
