/**
 * Where the process begins: opens the cache of compiled code, then starts main. This file alone is JavaScript. What is
 * loaded before the cache is open is compiled anew at each start, and Node's compiler of TypeScript, which a start from
 * the cache never loads, takes 14 MB.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// Loading a program makes much garbage at once, for which V8 would set aside 15 MB that a table never needs again.
setFlagsFromString('--semi-space-growth-factor=1');
// Kept between starts; where the folder cannot be written, starting only takes longer.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/dramatis'));
await import('./main.ts');
