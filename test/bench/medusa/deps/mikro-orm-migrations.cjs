module.exports = require('@mikro-orm/migrations')
