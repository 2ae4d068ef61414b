// What `node dist/main.js` runs: loads the program, and lets it go.
import { createRequire } from 'node:module';
import { filesOf, loadProgram } from './program.ts';

// Stacks are told in lines of the sources when Node is asked to (--enable-source-maps): that it can do for modules only.
if (process.sourceMapsEnabled) createRequire(import.meta.filename)(filesOf(import.meta.dirname).bundle);
else loadProgram(import.meta.dirname).run();
