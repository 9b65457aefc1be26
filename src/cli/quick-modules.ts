/**
 * Imported before Drizzle is. Node parses a package.json anew for each `.js` file of its package, to see whether it is a
 * module; Drizzle has a hundred files and 200 KB of package.json, so loading it takes a second. This says what they are.
 */
import { registerHooks } from 'node:module';

const DRIZZLE = '/node_modules/drizzle-orm/';

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL, conditions } = context;
    const isModule = /^\.\.?\/.*\.js$/.test(specifier) && conditions?.includes('import');
    if (!isModule || !parentURL?.includes(DRIZZLE)) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
  },
});
