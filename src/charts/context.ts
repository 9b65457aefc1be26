/** What a chart needs to know beside its rows: who reads it, on what ground, in how much room. */
export type Theme = 'light' | 'dark';
export type Lang = 'en' | 'zh';

export interface ChartContext {
  theme: Theme;
  lang: Lang;
  /** Pixels. Charts are laid out for one width and made anew for another. */
  width: number;
  /** Pixels of the whole drawing, where it is given; else a chart takes the height that suits it. */
  height?: number;
  /** Draw the legend inside the chart. A page that has its own legend leaves it out. Default: true. */
  legend?: boolean;
  /** Pixels kept free above and below the plot, for a title and a source line. */
  insets?: { top: number; bottom: number };
}

/** Below this width a chart drops to the sizes of a phone. */
export const isNarrow = (context: ChartContext): boolean => context.width < 520;
