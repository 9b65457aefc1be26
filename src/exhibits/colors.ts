/** Colours of series: fixed for groups that recur, the author's own for authors, a palette by rank for models and tags. */
import type { Catalog } from '../catalog/contract.ts';
import type { SeriesInfo } from './contract.ts';

type Color = SeriesInfo['color'];
const color = (light: string, dark: string): Color => ({ light, dark });

const GREY = color('#9aa3b2', '#6b7385');
const FIXED: Record<string, Color> = {
  closed: color('#3b4a6b', '#8fa3d1'),
  'open-chinese': color('#d1495b', '#ff7b87'),
  'open-row': color('#1f9e89', '#45cdb4'),
  small: color('#7fb069', '#a5d68f'),
  medium: color('#2a9d8f', '#55cfc0'),
  large: color('#264b7c', '#7aa5e3'),
  reasoning: color('#7b4fb5', '#b892f0'),
  'non-reasoning': color('#c3cad6', '#4a5366'),
  'tool-calls': color('#d97706', '#fbb04c'),
  prompt: color('#2563a8', '#74b0f5'),
  completion: color('#1f9e89', '#45cdb4'),
  'reasoning-part': color('#7b4fb5', '#b892f0'),
  'sequence-length': color('#2563a8', '#74b0f5'),
  overall: color('#6f7a8e', '#a9b3c6'),
  open: color('#1f9e89', '#45cdb4'),
  // Categories: hues apart for the largest, so that neighbours in a stack differ.
  programming: color('#2563a8', '#74b0f5'),
  roleplay: color('#c2415b', '#ff8297'),
  technology: color('#14708c', '#4db8d9'),
  science: color('#1f9e89', '#45cdb4'),
  translation: color('#e08e2b', '#ffbe6b'),
  trivia: color('#7b4fb5', '#b892f0'),
  productivity: color('#8aa834', '#bedb68'),
  education: color('#d9b23a', '#f2d571'),
  literature: color('#d46a9f', '#f5a3cb'),
  adult: color('#8c2f4a', '#d9748f'),
  health: color('#5d8a4a', '#93c77d'),
  finance: color('#937a2c', '#d3b95c'),
  legal: color('#4b5b8c', '#97a7dd'),
  academia: color('#6f9bd1', '#a9cdfa'),
  marketing: color('#b5651d', '#e39a57'),
  seo: color('#2f6f5e', '#66b39f'),
  // World regions.
  'north-america': color('#2563a8', '#74b0f5'),
  europe: color('#e08e2b', '#ffbe6b'),
  asia: color('#c2415b', '#ff8297'),
  'south-america': color('#8aa834', '#bedb68'),
  oceania: color('#7b4fb5', '#b892f0'),
  africa: color('#1f9e89', '#45cdb4'),
  antarctica: color('#6f9bd1', '#a9cdfa'),
  other: color('#cfd5df', '#3d4556'),
  unknown: GREY,
};
/** Neighbours differ in hue and in lightness, so that stacks stay readable without colour vision. */
const PALETTE: Color[] = [
  color('#2563a8', '#74b0f5'),
  color('#e08e2b', '#ffbe6b'),
  color('#1f9e89', '#45cdb4'),
  color('#c2415b', '#ff8297'),
  color('#7b4fb5', '#b892f0'),
  color('#8aa834', '#bedb68'),
  color('#14708c', '#4db8d9'),
  color('#b5651d', '#e39a57'),
  color('#d46a9f', '#f5a3cb'),
  color('#4b5b8c', '#97a7dd'),
  color('#5d8a4a', '#93c77d'),
  color('#a23b72', '#e07fb4'),
  color('#6f9bd1', '#a9cdfa'),
  color('#937a2c', '#d3b95c'),
  color('#2f6f5e', '#66b39f'),
];

export function colorOf(
  key: string,
  rank: number,
  kind: 'message' | 'model' | 'author' | 'tag',
  catalog: Catalog,
): Color {
  const rest = key === 'other' || key === 'unknown';
  if (kind === 'author' && !rest) return catalog.author(key).color;
  return (kind === 'tag' && !rest ? undefined : FIXED[key]) ?? PALETTE[rank % PALETTE.length] ?? GREY;
}

/** Two colours nearer than this in OKLab are taken for one another where they lie side by side. */
const ALIKE = 0.08;

/**
 * Authors chose their colours without looking at each other: one whose colour is like that of an author before it, on
 * either ground, gets the colour of the palette that is farthest from all others here, if that is better than its own.
 */
export function setApart<T extends { color: Color }>(infos: readonly T[]): T[] {
  const taken: Color[] = [];
  return infos.map((info, i) => {
    const others = [...taken, ...infos.slice(i + 1).map((each) => each.color)];
    const apart = (color: Color) => Math.min(...others.map((other) => distance(color, other)));
    const own = taken.some((each) => distance(each, info.color) < ALIKE)
      ? [info.color, ...PALETTE].reduce((best, each) => (apart(each) > apart(best) ? each : best))
      : info.color;
    taken.push(own);
    return { ...info, color: own };
  });
}

/** On the ground where they are nearer. */
const distance = (a: Color, b: Color): number =>
  Math.min(difference(a.light, b.light), difference(a.dark, b.dark));

function difference(a: string, b: string): number {
  const [from, to] = [oklab(a), oklab(b)];
  return Math.hypot(...from.map((part, i) => part - (to[i] ?? 0)));
}

/** A colour as `#rrggbb` in OKLab, where distances are about what eyes see (Ottosson 2020). */
function oklab(hex: string): number[] {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const level = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
