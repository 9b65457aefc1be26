/** One page; everything that can be chosen on it stands in the address. */
import { createRootRoute, createRouter } from '@tanstack/react-router';
import { parseSearch, parseView, stringifySearch } from '../lib/view.ts';
import { Page } from './page.tsx';

const root = createRootRoute({ validateSearch: parseView, component: Page, notFoundComponent: Page });

export const router = createRouter({
  routeTree: root,
  basepath: new URL('.', document.baseURI).pathname,
  parseSearch,
  stringifySearch,
  scrollRestoration: false,
  defaultPreload: false,
});
