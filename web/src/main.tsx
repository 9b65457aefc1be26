import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router.tsx';
import { isRefusal } from './lib/api.ts';
import { watchInputMode } from './lib/input-mode.ts';
import { applyTheme } from './lib/theme.ts';
import './styles.css';

applyTheme();
watchInputMode();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The server is often on this machine, and there without a network too.
      networkMode: 'always',
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      // A refusal stays one however often it is asked; a server that is starting comes back.
      retry: (count, error) => !isRefusal(error) && count < 2,
    },
    mutations: { networkMode: 'always' },
  },
});

const place = document.getElementById('app');
if (place)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
