module.exports = require('@mikro-orm/postgresql')
