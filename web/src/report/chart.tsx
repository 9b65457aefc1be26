import { useMemo, useRef } from 'react';
import { hasRows } from '../../../src/charts/has-rows.ts';
import { legendSeries, ownLegends } from '../../../src/charts/legend-series.ts';
import {
  PANEL_GAP,
  panelColumns,
  panelHeight,
  panelResults,
  panelWidth,
} from '../../../src/charts/panels.ts';
import type { ExhibitResult } from '../../../src/exhibits/contract.ts';
import { PAPER_HEIGHT, PAPER_WIDTH, useMedium } from '../lib/print.ts';
import { useText } from '../lib/text.ts';
import { useWidth } from '../lib/use-near.ts';
import { Legend } from './legend.tsx';
import { Plot } from './plot.tsx';

interface ChartProps {
  result: ExhibitResult;
  hidden: ReadonlySet<string>;
  onHide: (hidden: ReadonlySet<string>) => void;
}

/** The chart, or charts side by side, with one legend. Series can be hidden; the table stays whole. */
export default function Chart({ result, hidden, onHide }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const own = useWidth(frame);
  const isPrinted = useMedium() === 'paper';
  const width = isPrinted ? PAPER_WIDTH : own;
  const series = useMemo(() => legendSeries(result), [result]);
  const panels = useMemo(() => panelResults(result), [result]);
  return (
    <div ref={frame} className="min-w-0">
      {!ownLegends(result) && series.length > (result.chart.type === 'lines' ? 1 : 0) && (
        <Legend series={series} hidden={hidden} onChange={onHide} />
      )}
      {result.panels.length > 0 ? (
        <Panels result={result} panels={panels} width={width} hidden={hidden} onHide={onHide} />
      ) : (
        <Plot
          result={panels[0] ?? result}
          width={width}
          height={isPrinted && result.kind === 'series' ? PAPER_HEIGHT : undefined}
          hidden={hidden}
        />
      )}
    </div>
  );
}

interface PanelsProps {
  result: ExhibitResult;
  panels: ExhibitResult[];
  width: number;
  hidden: ReadonlySet<string>;
  onHide: (hidden: ReadonlySet<string>) => void;
}

/** Small multiples, each with its name above. */
function Panels({ result, panels, width, hidden, onHide }: PanelsProps) {
  const { t } = useText();
  const columns = panelColumns(result, width || 800);
  const legends = ownLegends(result);
  const each = width === 0 ? 0 : panelWidth(width, columns);
  const own = result.chart.type === 'composition' || result.chart.type === 'bars' || panels.length === 1;
  return (
    <ul
      className="grid"
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        columnGap: PANEL_GAP.x,
        rowGap: PANEL_GAP.y,
      }}
    >
      {panels.map((panel, i) => (
        <li key={result.panels[i]?.key} className="flex min-w-0 flex-col" data-panel={result.panels[i]?.key}>
          <h4 className="mb-1 truncate text-[14px] font-semibold">{panel.title}</h4>
          {legends && (
            <div className="flex-1">
              <Legend series={panel.series} hidden={hidden} onChange={onHide} />
            </div>
          )}
          {hasRows(panel) ? (
            <Plot
              result={panel}
              width={each}
              height={own ? undefined : panelHeight(each || 400)}
              hidden={hidden}
            />
          ) : (
            <p className="rounded-lg bg-well px-5 py-10 text-center text-[13.5px] text-muted">
              {t('exhibit.emptyPanel')}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
