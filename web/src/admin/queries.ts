/** Server data of the admin page as React sees it. Every key begins with `admin`. */
import {
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { isRefusal } from '../lib/api.ts';
import {
  fetchAccounts,
  fetchAccountsStatus,
  fetchByok,
  fetchGateway,
  fetchKeyNames,
  fetchKeys,
  fetchSession,
  fetchUsage,
  type KeyFilter,
  type UsageDimension,
} from './api.ts';
import { fetchEndpoints, fetchModels } from './models-api.ts';

const SESSION = ['admin', 'session'];

export const useSession = () =>
  useQuery({ queryKey: SESSION, queryFn: ({ signal }) => fetchSession(signal), staleTime: 0 });

export const useGateway = () =>
  useQuery({
    queryKey: ['admin', 'gateway'],
    queryFn: ({ signal }) => fetchGateway(signal),
    refetchInterval: 10_000,
    staleTime: 0,
  });

export const useAccountsStatus = () =>
  useQuery({
    queryKey: ['admin', 'status'],
    queryFn: ({ signal }) => fetchAccountsStatus(signal),
    refetchInterval: 15_000,
    staleTime: 0,
  });

export const useAccounts = () =>
  useQuery({
    queryKey: ['admin', 'accounts'],
    queryFn: ({ signal }) => fetchAccounts(signal),
    refetchInterval: 15_000,
    staleTime: 0,
  });

export const useByok = (account: string) =>
  useQuery({
    queryKey: ['admin', 'byok', account],
    queryFn: ({ signal }) => fetchByok(account, signal),
    staleTime: 0,
  });

export const useKeys = (filter: KeyFilter) =>
  useInfiniteQuery({
    queryKey: ['admin', 'keys', filter],
    queryFn: ({ pageParam, signal }) => fetchKeys(filter, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const shown = pages.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length > 0 && shown < last.total ? shown : undefined;
    },
    placeholderData: (before) => before,
    refetchInterval: 5000,
    staleTime: 0,
  });

export const useKeyNames = (enabled: boolean) =>
  useQuery({
    queryKey: ['admin', 'key-names'],
    queryFn: ({ signal }) => fetchKeyNames(signal),
    enabled,
  });

export const useUsage = (by: UsageDimension, from: string, to: string) =>
  useQuery({
    queryKey: ['admin', 'usage', by, from, to],
    queryFn: ({ signal }) => fetchUsage(by, from, to, signal),
    placeholderData: (before, query) => (query?.queryKey[2] === by ? before : undefined),
    refetchInterval: 15_000,
    staleTime: 0,
  });

export const useModels = () =>
  useQuery({
    queryKey: ['admin', 'models'],
    queryFn: ({ signal }) => fetchModels(signal),
    staleTime: 15_000,
  });

export const useEndpoints = (model: string) =>
  useQuery({
    queryKey: ['admin', 'endpoints', model],
    queryFn: ({ signal }) => fetchEndpoints(model, signal),
    refetchInterval: 10_000,
    staleTime: 0,
  });

/** Something is changed on the server; afterwards all that may show it is asked for again. */
export function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => refresh(client) });
}

export const refresh = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: ['admin'] });

/** Whichever answer says that the session is over, the page looks who it is. */
export function useWatchSession(): void {
  const client = useQueryClient();
  useEffect(() => {
    const look = (error: unknown) => {
      if (isRefusal(error) && error.status === 401) client.invalidateQueries({ queryKey: SESSION });
    };
    const stops = [
      client.getQueryCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') look(event.action.error);
      }),
      client.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') look(event.action.error);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
}

/** Nothing of what an admin saw stays in the page. */
export function forget(client: QueryClient): void {
  client.removeQueries({
    queryKey: ['admin'],
    predicate: (query) => query.queryKey[1] !== SESSION[1],
  });
  client.invalidateQueries({ queryKey: SESSION });
}
