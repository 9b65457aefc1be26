/** The report, and the admin page in a chunk of its own; everything that can be chosen on them stands in the address. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { parseSearch, parseView, stringifySearch } from '../lib/view.ts';
import { Page } from './page.tsx';

const AdminPage = lazy(() => import('../admin/page.tsx'));

const root = createRootRoute({ validateSearch: parseView, notFoundComponent: Page });
const report = createRoute({ getParentRoute: () => root, path: '/', component: Page });
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: () => (
    <Suspense>
      <AdminPage />
    </Suspense>
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([report, admin]),
  basepath: new URL('.', document.baseURI).pathname,
  parseSearch,
  stringifySearch,
  scrollRestoration: false,
  defaultPreload: false,
});
