#!/usr/bin/env node
/** The entry. An older Node cannot even load the program, so it is told before that is tried. */

const OLDEST_NODE = 24;

const [major] = process.versions.node.split('.');
if (Number(major) < OLDEST_NODE) {
  process.stderr.write(
    `Error: StateAI needs Node ${OLDEST_NODE} or newer, and this is ${process.versions.node}\n  Install a newer one, or use npm start in a clone: it brings its own.\n`,
  );
  process.exitCode = 1;
} else await import('./program.ts');
