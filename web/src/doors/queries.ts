/** The doors of a dataset as the server tells of them, asked for again and again. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { DoorStatus, DoorsAnswer } from '../../../src/server/doors.ts';
import { address, checked } from '../lib/api.ts';

export type { DoorStatus, DoorsAnswer };
export type Watch = DoorStatus['watches'][number];

export const useDoors = (dataset: string) =>
  useQuery({
    queryKey: ['doors', dataset],
    queryFn: async ({ signal }) => {
      const path = `doors?dataset=${encodeURIComponent(dataset)}`;
      return (await (await checked(await fetch(address(path), { signal }))).json()) as DoorsAnswer;
    },
    refetchInterval: 5000,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
