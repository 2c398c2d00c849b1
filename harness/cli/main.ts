#!/usr/bin/env node
/**
 * Entry point of the command line. Compiled code is kept between starts: reading and compiling the sources takes longer than
 * most commands. NODE_COMPILE_CACHE names the folder; without it, it is below the folder for temporary files.
 */
import { enableCompileCache } from 'node:module'

const { directory } = enableCompileCache()
// Processes that are started from here use the same folder.
if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] = directory
// Only what is imported afterwards is kept.
const { start } = await import('./start.ts')
await start(process.argv.slice(2))
