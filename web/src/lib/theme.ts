/** Light, dark or as the system has it; paper is light. A habit of the reader, not of the report: kept in the browser. */
import { useSyncExternalStore } from 'react';
import { mediumNow, onMedium } from './print.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';
export const THEMES: readonly ThemeChoice[] = ['light', 'dark', 'system'];

const KEY = 'stateai-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function stored(): ThemeChoice {
  try {
    const choice = localStorage.getItem(KEY);
    return choice === 'light' || choice === 'dark' ? choice : 'system';
  } catch {
    return 'system'; // storage is closed to this page
  }
}

let choice = stored();
function effective(): 'light' | 'dark' {
  if (mediumNow() === 'paper') return 'light';
  return choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = effective();
}

function announce(): void {
  applyTheme();
  for (const listener of listeners) listener();
}
dark.addEventListener('change', announce);
onMedium(announce);

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // the choice lasts as long as the page
  }
  announce();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTheme = (): 'light' | 'dark' => useSyncExternalStore(subscribe, effective);
export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, () => choice);
