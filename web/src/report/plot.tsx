import { useEffect, useMemo, useRef } from 'react';
import { chartHeight, chartOption } from '../../../src/charts/chart-option.ts';
import { echarts } from '../../../src/charts/echarts.ts';
import type { ExhibitResult } from '../../../src/exhibits/contract.ts';
import { useText } from '../lib/text.ts';
import { useTheme } from '../lib/theme.ts';

interface Props {
  result: ExhibitResult;
  /** Pixels; nothing is drawn before it is known. */
  width: number;
  /** Fixed for panels; else what suits the chart. */
  height?: number;
  hidden: ReadonlySet<string>;
}

/** One chart without title and legend. */
export function Plot({ result, width, height, hidden }: Props) {
  const { lang, t } = useText();
  const theme = useTheme();
  const canvas = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof echarts.init> | null>(null);
  const context = useMemo(
    () => ({ theme, lang, width: width || 800, height, legend: false }),
    [theme, lang, width, height],
  );
  const tall = height ?? chartHeight(result, context);

  useEffect(() => {
    if (!canvas.current || width === 0) return;
    const size = { width, height: tall };
    if (!chart.current) chart.current = echarts.init(canvas.current, null, { renderer: 'svg', ...size });
    else chart.current.resize(size);
    const option = chartOption(result, context);
    const selected = Object.fromEntries([...hidden].map((key) => [key, false]));
    chart.current.setOption({ ...option, legend: { ...option.legend, selected } }, { notMerge: true });
    // Paper may be narrower than what the chart was drawn for.
    canvas.current.querySelector('svg')?.setAttribute('viewBox', `0 0 ${width} ${tall}`);
  }, [result, context, width, tall, hidden]);

  useEffect(
    () => () => {
      chart.current?.dispose();
      chart.current = null;
    },
    [],
  );

  return (
    <div
      ref={canvas}
      role="img"
      aria-label={t('exhibit.chartLabel', { title: result.title, statement: result.statement })}
      style={{ height: tall }}
      className="relative w-full overflow-hidden"
    />
  );
}
