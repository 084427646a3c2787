import { formatMoney } from '../shared/format-money.js'
import { fillMessage, type Locale } from '../shared/messages.js'
import type { Money } from '../shared/money.js'
import { cartMessages } from './messages.js'
import type { CartReminder } from './reminders.js'

/** Says a reminder in a sentence. */
export const describeReminder = (reminder: CartReminder, locale: Locale): string =>
  fillMessage(
    cartMessages[reminder.type],
    locale,
    reminder.type === 'PriceDropped'
      ? { before: write(reminder.before, locale), price: write(reminder.price, locale) }
      : reminder,
  )

const write = (money: Money, locale: Locale): string =>
  formatMoney(money, { locale }).unwrapOr(`${money.minor} ${money.currency}`)
