import type { Story } from '../story.js'

/** The relay delivers what waits, and the letters it leads to go out. */
export const sendLetters = async ({ shop, must, tell, note, mailbox }: Story): Promise<void> => {
  const before = mailbox.length
  let delivered = 0
  for (;;) {
    const turn = must('relay', await shop.upkeep.relay({ worker: 'demo', limit: 500 }))
    const [stuck] = [...turn.postponed, ...turn.setAside]
    if (stuck !== undefined) throw new Error(`the relay could not deliver ${stuck.eventId}: ${stuck.reason}`)
    if (turn.delivered === 0) break
    delivered += turn.delivered
  }
  must('sendMessages', await shop.upkeep.sendMessages({ limit: 100 }))
  tell(`The relay delivered ${delivered} events.`, `中继投递了 ${delivered} 个事件。`)
  const subjects = mailbox.slice(before).map(({ channel, subject }) => `[${channel}] ${subject}`)
  for (const subject of subjects.sort()) note(subject)
}
