/** The only place that talks to the server. */
import type { DatasetInfo, ExhibitInfo, ExhibitResult, Section } from '../../../src/exhibits/contract.ts';
import type { CategorySharesWords } from '../../../src/readings/category-shares-words.ts';
import type { CategorySharesResult } from '../../../src/server/report-service.ts';
import { type View, viewQuery } from './view.ts';

export interface Datasets {
  datasets: DatasetInfo[];
  software: string;
  /** How a user of this installation types a command. */
  commandLine: string;
}
export interface SectionInfo {
  id: Section;
  title: string;
  intro: string;
}
export interface Contents {
  exhibits: ExhibitInfo[];
  sections: SectionInfo[];
}
export interface Offer {
  format: string;
  path: string;
  files: number;
  bytes: number;
  command: string;
}
export interface ImportState {
  id: string;
  format: string;
  dataset: string;
  state: 'running' | 'done' | 'failed';
  rows: number;
  rejected: number;
  message?: string | null;
}

/** The server understood and said no: its sentence and what to do next. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly next: string | null;
  constructor(status: number, code: string, message: string, next: string | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.next = next;
  }
}
export const isRefusal = (error: unknown): error is Refusal => error instanceof Refusal;

const BASE = new URL('stats/v1/', document.baseURI);
export const address = (path: string): string => new URL(path, BASE).href;

async function get(path: string, signal?: AbortSignal): Promise<Response> {
  return checked(await fetch(address(path), { signal: signal ?? null }));
}

/** The response if it is a good one. @throws Refusal */
export async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string; next?: string };
  } | null;
  const error = body?.error;
  if (response.status >= 500 && !error) throw new Error(`HTTP ${response.status}`);
  throw new Refusal(
    response.status,
    error?.code ?? String(response.status),
    error?.message ?? `HTTP ${response.status}`,
    error?.next ?? null,
  );
}

const json = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await (await get(path, signal)).json()) as T;

export type CategoryReading = CategorySharesResult & CategorySharesWords;
/** The shares of all categories cannot be narrowed to some, and need no grain. */
export function fetchCategoryReading({ dataset, from, to, lang, where }: View, signal: AbortSignal) {
  const filters = (where ?? []).filter((filter) => !filter.startsWith('category='));
  const query = viewQuery({ dataset, from, to, lang, where: filters });
  return json<CategoryReading>(`readings/category-shares?${query}`, signal);
}

export const fetchDatasets = (signal: AbortSignal) => json<Datasets>('datasets', signal);

export interface DemoState {
  state: 'none' | 'running' | 'done' | 'failed';
  /** 0 … 1. */
  progress: number;
  message: string;
}

export const fetchDemo = (signal: AbortSignal) => json<DemoState>('demo', signal);

/** A value that occurs in the dataset, the most used first. */
export interface ValueInfo {
  value: string;
  label: string;
  tokens: number;
}

export const fetchValues = async (dataset: string, key: string, signal: AbortSignal) =>
  (
    await json<{ values: ValueInfo[] }>(
      `datasets/${encodeURIComponent(dataset)}/values?key=${encodeURIComponent(key)}`,
      signal,
    )
  ).values;

export const fetchContents = (lang: string, signal: AbortSignal) =>
  json<Contents>(`exhibits?lang=${lang}`, signal);

export const fetchExhibit = (id: string, view: View, signal: AbortSignal) =>
  json<ExhibitResult>(exhibitPath(id, view), signal);

export const fetchSql = async (id: string, view: View, signal: AbortSignal) =>
  (await get(exhibitPath(id, view, 'sql'), signal)).text();

export async function fetchOffers(signal: AbortSignal): Promise<Offer[]> {
  return (await json<{ offers: Offer[] }>('offers', signal)).offers;
}

export async function fetchImports(signal: AbortSignal): Promise<ImportState[]> {
  return (await json<{ imports: ImportState[] }>('imports', signal)).imports;
}

export async function startImport(format: string): Promise<void> {
  await checked(await fetch(address(`offers/${encodeURIComponent(format)}/import`), { method: 'POST' }));
}

export function exhibitPath(id: string, view: View, form?: 'sql' | 'csv' | 'svg'): string {
  const query = viewQuery(view);
  // Names in Chinese are what a spreadsheet would spoil.
  if (form === 'csv' && view.lang === 'zh') query.set('bom', 'true');
  return `exhibits/${encodeURIComponent(id)}${form ? `/${form}` : ''}?${query}`;
}

/** @param hidden keys of series that the reader hid */
export function picturePath(id: string, view: View, theme: string, hidden: ReadonlySet<string>): string {
  const shown = new URLSearchParams([['theme', theme], ...[...hidden].map((key) => ['hide', key])]);
  return `${exhibitPath(id, view, 'svg')}&${shown}`;
}
