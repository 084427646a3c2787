// What the framework hands on under this name, less the parts that bring a GraphQL server.
const { dirname, join } = require('node:path')

const dist = dirname(require.resolve('@medusajs/utils'))
module.exports = Object.assign({}, ...['common', 'promotion', 'totals'].map((part) => require(join(dist, part))))
