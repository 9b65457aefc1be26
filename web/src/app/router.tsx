/** The report, and the pages of admin and doors in chunks of their own; everything that can be chosen on them stands in the address. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { parseSearch, parseView, stringifySearch } from '../lib/view.ts';
import { Broken } from './broken.tsx';
import { Page } from './page.tsx';
import { Waiting } from './waiting.tsx';

const DoorsPage = lazy(() => import('../doors/page.tsx'));
const AdminPage = lazy(() => import('../admin/page.tsx'));

const root = createRootRoute({ validateSearch: parseView, notFoundComponent: Page });
const report = createRoute({ getParentRoute: () => root, path: '/', component: Page });
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: () => (
    <Suspense fallback={<Waiting id="content" />}>
      <AdminPage />
    </Suspense>
  ),
});

const doors = createRoute({
  getParentRoute: () => root,
  path: '/doors',
  component: () => (
    <Suspense fallback={<Waiting id="content" />}>
      <DoorsPage />
    </Suspense>
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([report, admin, doors]),
  basepath: new URL('.', document.baseURI).pathname,
  parseSearch,
  stringifySearch,
  scrollRestoration: false,
  defaultPreload: false,
  defaultErrorComponent: Broken,
});
