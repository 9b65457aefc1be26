/** Colours as numbers: tints, ramps, and which ink is readable on them. */
import { safeColor } from './escape.ts';

type Rgb = [number, number, number];

function rgb(color: string): Rgb {
  const hex = safeColor(color).slice(1);
  const full = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as Rgb;
}

const hex = (parts: number[]): string =>
  `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** `share` of the second colour in the first, 0 … 1. */
export function mix(a: string, b: string, share: number): string {
  const [from, to] = [rgb(a), rgb(b)];
  return hex(from.map((part, i) => part + ((to[i] ?? 0) - part) * share));
}

/** The colour at a place between 0 and 1 along evenly spaced stops. */
export function ramp(stops: readonly string[], at: number): string {
  const place = Math.min(1, Math.max(0, at)) * (stops.length - 1);
  const below = Math.floor(place);
  const from = stops[below] ?? '#888888';
  return mix(from, stops[below + 1] ?? from, place - below);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = rgb(color).map((part) => {
    const level = part / 255;
    return level <= 0.03928 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** As WCAG defines it, 1 … 21. */
export function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Black or white text, whichever stands out more on the colour. */
export const inkOn = (color: string): string =>
  contrast(color, '#ffffff') >= contrast(color, '#000000') ? '#ffffff' : '#000000';

/** The colour, moved towards the text's until a small dot of it can be seen on the ground. */
export function visibleOn(color: string, paper: string, text: string): string {
  for (let share = 0; share < 1; share += 0.1) {
    const moved = mix(color, text, share);
    if (contrast(moved, paper) >= 2.4) return moved;
  }
  return text;
}
