/** Inks and fonts of the charts, the same as the page's. */
import type { Theme } from './context.ts';

export interface Ink {
  paper: string;
  text: string;
  muted: string;
  line: string;
  grid: string;
  accent: string;
  unknown: string;
  hatch: string;
  tooltip: string;
}

export const INKS: Record<Theme, Ink> = {
  light: {
    paper: '#ffffff',
    text: '#1b1c1e',
    muted: '#5f6368',
    line: '#8a8d91',
    grid: '#e9e7e2',
    accent: '#2b4a78',
    unknown: '#b4b9c1',
    hatch: 'rgba(255,255,255,0.7)',
    tooltip: '#ffffff',
  },
  dark: {
    paper: '#1a1c20',
    text: '#eceae5',
    muted: '#a3a7ae',
    line: '#7d828a',
    grid: '#2d3036',
    accent: '#8fb3ea',
    unknown: '#626873',
    hatch: 'rgba(26,28,32,0.6)',
    tooltip: '#24272c',
  },
};

/** System fonts only; both scripts, on every platform. */
export const SANS =
  "'Helvetica Neue', 'Segoe UI', Roboto, 'Liberation Sans', Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
export const SERIF =
  "'Iowan Old Style', 'Charter', 'Source Serif 4', 'Noto Serif', 'Liberation Serif', Georgia, 'Songti SC', 'Noto Serif CJK SC', 'SimSun', serif";
