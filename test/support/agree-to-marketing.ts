import { type Channel, type CorePorts, commitChanges, messagePreferences, put } from 'shopwright'
import { expect } from 'vitest'

/** Keeps a person's consent to marketing, by e-mail unless other channels are named. */
export const agreeToMarketing = async (
  ports: CorePorts,
  accountId: string,
  marketing: readonly Channel[] = ['email'],
): Promise<void> => {
  const state = { accountId, locale: 'en', marketing, changedAt: 0 } as const
  const changes = [put(messagePreferences, { id: accountId, version: 0, state })]
  const kept = await commitChanges(ports.storage, { shop: ports.shop, at: ports.clock.now(), changes })
  expect(kept.isOk()).toBe(true)
}
