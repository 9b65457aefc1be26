/** Server data as React sees it: one cache, refetched when the server says that data changed. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import {
  address,
  fetchCategoryReading,
  fetchContents,
  fetchDatasets,
  fetchDemo,
  fetchExhibit,
  fetchImports,
  fetchOffers,
  fetchSql,
  fetchValues,
  isRefusal,
  startImport,
} from './api.ts';
import type { View } from './view.ts';

export const useDatasets = () =>
  useQuery({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => fetchDatasets(signal),
    // An empty server may be filled by a command in another window.
    refetchInterval: (query) => (query.state.data?.datasets.some((each) => each.tokens > 0) ? false : 4000),
  });

/** The simulated world that an empty server makes for itself. */
export const useDemo = () =>
  useQuery({
    queryKey: ['demo'],
    queryFn: ({ signal }) => fetchDemo(signal),
    retry: false,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 700 : false),
  });

export const useContents = (lang: string) =>
  useQuery({
    queryKey: ['contents', lang],
    queryFn: ({ signal }) => fetchContents(lang, signal),
    placeholderData: keepPreviousData,
  });

export const useExhibit = (id: string, view: View, enabled: boolean) =>
  useQuery({
    queryKey: ['exhibit', id, view],
    queryFn: ({ signal }) => fetchExhibit(id, view, signal),
    placeholderData: keepPreviousData,
    enabled,
  });

export const useCategoryReading = (view: View, enabled: boolean) =>
  useQuery({
    queryKey: ['category-reading', view],
    queryFn: ({ signal }) => fetchCategoryReading(view, signal),
    placeholderData: keepPreviousData,
    enabled,
  });

export const useSql = (id: string, view: View) =>
  useQuery({ queryKey: ['sql', id, view], queryFn: ({ signal }) => fetchSql(id, view, signal) });

/** Values of a filter key that occur, for suggestions; none while they are not known. */
export const useValues = (dataset: string, key: string, enabled = true) =>
  useQuery({
    queryKey: ['values', dataset, key],
    queryFn: ({ signal }) => fetchValues(dataset, key, signal),
    enabled,
    staleTime: 5 * 60_000,
    retry: false,
  });

export const useOffers = () =>
  useQuery({ queryKey: ['offers'], queryFn: ({ signal }) => fetchOffers(signal), retry: false });

export const useImports = () =>
  useQuery({
    queryKey: ['imports'],
    queryFn: ({ signal }) => fetchImports(signal),
    retry: false,
    refetchInterval: (query) => (query.state.data?.some((each) => each.state === 'running') ? 1000 : false),
  });

export function useStartImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: startImport,
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  });
}

/** Datasets again whenever an import has come to its end. */
export function useRefetchAfterImports(running: number): void {
  const client = useQueryClient();
  useEffect(() => {
    if (running === 0) client.invalidateQueries({ queryKey: ['datasets'] });
  }, [client, running]);
}

/** Listens for new data, and for a server that is back: what failed without it is asked for again. */
export function useDatasetEvents(dataset: string | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!dataset || typeof EventSource === 'undefined') return;
    const stream = new EventSource(address(`datasets/${encodeURIComponent(dataset)}/events`));
    stream.addEventListener('open', () => {
      client.refetchQueries({ predicate: ({ state }) => state.error !== null && !isRefusal(state.error) });
    });
    // The first message only tells where the stream stands.
    let seen: string | null = null;
    stream.addEventListener('version', (event) => {
      if (seen !== null && event.data !== seen) {
        client.invalidateQueries({ queryKey: ['datasets'] });
        client.invalidateQueries({ queryKey: ['exhibit'] });
        client.invalidateQueries({ queryKey: ['category-reading'] });
        client.invalidateQueries({ queryKey: ['sql'] });
        client.invalidateQueries({ queryKey: ['values'] });
      }
      seen = event.data;
    });
    return () => stream.close();
  }, [client, dataset]);
}
