import { it } from 'vitest'
import { openShop } from './open-shop.js'
import { buildWorld } from './world.js'
it('x', async () => { const t = performance.now(); const w = await buildWorld(await openShop()); console.log(w.ids, performance.now() - t) })
