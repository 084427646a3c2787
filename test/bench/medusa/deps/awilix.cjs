module.exports = require('awilix')
