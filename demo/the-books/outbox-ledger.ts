import { right } from '../columns.js'
import type { Story } from '../story.js'
import { deliverEvents } from '../the-day/deliver-events.js'
import { verdict } from './verdict.js'

/** The outbox: every event that was written with a decision was delivered, each once, and nothing waits. */
export const printOutbox = async (story: Story): Promise<boolean> => {
  const { say, outbox, mailbox } = story
  const { written, delivered } = outbox
  await deliverEvents(story)
  const missing = [...written].filter((id) => !delivered.has(id)).length
  const twice = [...delivered.values()].filter((times) => times > 1).length
  const unknown = [...delivered.keys()].filter((id) => !written.has(id)).length
  story.chapter('The books: outbox', '账本：事件')
  story.table([
    [say('events written with decisions', '随决定写入的事件'), right(String(written.size))],
    [say('delivered by the relay', '中继已投递'), right(String(delivered.size))],
    [say('still waiting', '等待投递'), right(String(missing))],
    [say('delivered more than once', '重复投递'), right(String(twice))],
    [say('letters sent', '已发通知'), right(String(mailbox.length))],
  ])
  return verdict(story, written.size > 0 && missing === 0 && twice === 0 && unknown === 0)
}
