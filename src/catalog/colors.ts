/** Colours of authors that chose none: a hue from the name, legible on the light and on the dark ground. */
import { createHash } from 'node:crypto';

export interface ColorPair {
  light: string;
  dark: string;
}

const UNKNOWN: ColorPair = { light: '#7b8494', dark: '#6b7385' };

/** The same author always gets the same colour. */
export function fallbackColor(author: string): ColorPair {
  if (author === 'unknown') return UNKNOWN;
  const hue = createHash('sha256').update(author).digest().readUInt16BE() / 65_536;
  return { light: hex(hue, 0.45, 0.36), dark: hex(hue, 0.5, 0.68) };
}

function hex(hue: number, saturation: number, lightness: number): string {
  const channel = (n: number) => {
    const k = (n + hue * 12) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
