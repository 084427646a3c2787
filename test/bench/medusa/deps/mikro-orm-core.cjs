module.exports = require('@mikro-orm/core')
