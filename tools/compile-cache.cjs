/**
 * Keeps compiled modules, without their types, for the next starts, which are twice as fast with it. It must run before the first
 * module is loaded.
 *
 * In a folder of the installation: whoever may write there may change the code as well. Never in the folder for temporary files,
 * Node's default, where every user of the machine could put code for us to run. Where the folder cannot be written, there is no cache.
 */
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

const folder = process.env.NODE_COMPILE_CACHE || join(__dirname, '../node_modules/.cache/sallyport');
// Processes and threads that this one starts find it there.
if (enableCompileCache(folder).directory !== undefined) process.env.NODE_COMPILE_CACHE = folder;
