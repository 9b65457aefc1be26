import { useEffect, useMemo, useRef, useState } from 'react';
import { chartHeight, chartOption } from '../../../src/charts/chart-option.ts';
import { echarts } from '../../../src/charts/echarts.ts';
import { pivot } from '../../../src/charts/pivot.ts';
import type { ExhibitResult } from '../../../src/exhibits/contract.ts';
import { useText } from '../lib/text.ts';
import { useTheme } from '../lib/theme.ts';
import { useWidth } from '../lib/use-near.ts';
import { Legend } from './legend.tsx';

/** The chart and its legend. Series can be hidden; the table stays whole. */
export default function Chart({ result }: { result: ExhibitResult }) {
  const { lang, t } = useText();
  const theme = useTheme();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof echarts.init> | null>(null);
  const width = useWidth(frame);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const series = useMemo(() => (result.kind === 'series' ? pivot(result, false) : []), [result]);
  const context = useMemo(() => ({ theme, lang, width: width || 800, legend: false }), [theme, lang, width]);
  const height = chartHeight(result, context);

  useEffect(() => {
    if (!canvas.current || width === 0) return;
    if (!chart.current)
      chart.current = echarts.init(canvas.current, null, { renderer: 'svg', width, height });
    else chart.current.resize({ width, height });
    const option = chartOption(result, context);
    const selected = Object.fromEntries([...hidden].map((key) => [key, false]));
    chart.current.setOption({ ...option, legend: { ...option.legend, selected } }, { notMerge: true });
  }, [result, context, width, height, hidden]);

  useEffect(
    () => () => {
      chart.current?.dispose();
      chart.current = null;
    },
    [],
  );

  return (
    <div ref={frame} className="min-w-0">
      {series.length > (result.chart.type === 'lines' ? 1 : 0) && (
        <Legend series={series} hidden={hidden} onChange={setHidden} />
      )}
      <div
        ref={canvas}
        role="img"
        aria-label={t('exhibit.chartLabel', { title: result.title, statement: result.statement })}
        style={{ height }}
        className="relative w-full overflow-hidden"
      />
    </div>
  );
}
