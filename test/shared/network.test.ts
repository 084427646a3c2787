import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/shared/network.js'

describe('the network of an address', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    // The same IPv4 address as sockets and proxies write it.
    ['::ffff:c0a8:101', '192.168.1.0/24'],
    ['0:0:0:0:0:ffff:203.0.113.77', '203.0.113.0/24'],
    ['::FFFF:CB00:714D', '203.0.113.0/24'],
    ['203.0.113.77:5678', '203.0.113.0/24'],
    ['[2001:db8:1:2::1]:443', '2001:db8:1:2::/64'],
    ['[::ffff:203.0.113.77]:443', '203.0.113.0/24'],
    ['64:ff9b::203.0.113.77', '64:ff9b:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })

  it.each([
    '',
    'localhost',
    '203.0.113',
    '203.0.113.256',
    '1:2:3',
    '1::2::3',
    ':::',
    '203.0.113.7:',
    'x:203.0.113.7',
    '1:2:3:4:5:6:7:8:9',
    'g::1',
  ])('is none for %s', (address) => {
    expect(networkOf(address)).toBeUndefined()
  })

  it('is the same for every address in it', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(255), (address, last) => {
        const neighbour = `${address.split('.').slice(0, 3).join('.')}.${last}`
        expect(networkOf(neighbour)).toBe(networkOf(address))
      }),
    )
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const network = networkOf(address)
        if (network !== undefined) expect(networkOf(network.replace('/64', '1'))).toBe(network)
      }),
    )
  })
})
