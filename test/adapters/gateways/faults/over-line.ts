import { okAsync } from 'neverthrow'
import type { GatewayAnswer, Outcome } from 'shopwright/payments'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'

/** One that is answered over a line, and takes what it does not understand for something else. */
export const overLine =
  (taken: Partial<Record<'create' | 'query' | 'close' | 'refund' | 'queryRefund', Outcome<never> | 'notFound'>>) =>
  (world: GatewayUnderTest): GatewayUnderTest => {
    const { gateway } = world
    let breaks = 0
    const heard = <T>(name: keyof typeof taken, answer: () => GatewayAnswer<T>): GatewayAnswer<T> => {
      if (breaks === 0) return answer()
      breaks = 0
      const wrong = taken[name]
      if (wrong === 'notFound') return okAsync({ kind: 'ok', value: 'notFound' as T })
      return okAsync(wrong ?? { kind: 'unknown', cause: 'serverError' })
    }
    return {
      ...world,
      answerNext: () => {
        breaks += 1
      },
      gateway: {
        ...gateway,
        create: (request) => heard('create', () => gateway.create(request)),
        query: (request) => heard('query', () => gateway.query(request)),
        close: (request) => heard('close', () => gateway.close(request)),
        refund: (request) => heard('refund', () => gateway.refund(request)),
        queryRefund: (request) => heard('queryRefund', () => gateway.queryRefund(request)),
      },
    }
  }
