import { NOTHING } from '../../../src/charts/format.ts';
import { hasRows } from '../../../src/charts/has-rows.ts';
import { sourceLine } from '../../../src/charts/picture-frame.ts';
import { textWidth } from '../../../src/charts/text-width.ts';
import type { ExhibitResult, PublishedValue } from '../../../src/exhibits/contract.ts';
import { Info } from '../controls/icons.tsx';
import { useMedium } from '../lib/print.ts';
import { useText } from '../lib/text.ts';

/** What the reader must know, how it was measured, what the study found. */
export function CardFoot({ result }: { result: ExhibitResult }) {
  const { t, lang } = useText();
  const isPrinted = useMedium() === 'paper';
  const { query, data, catalog } = result.provenance;
  const origin = t('exhibit.provenance', { query, data, catalog });
  // Without rows the first note stands in the chart's place.
  const notes = hasRows(result) || result.lacking.length > 0 ? result.notes : result.notes.slice(1);
  return (
    <footer className="mt-5 grid gap-4 text-[13.5px] print:mt-1 print:gap-1 print:text-[11px] print:leading-snug">
      {notes.length > 0 && (
        <ul className="grid gap-1 text-soft print:gap-0">
          {notes.map((each) => (
            <li key={each} className="flex gap-2">
              <span className="mt-[3px] text-muted print:hidden">
                <Info />
              </span>
              <span className="max-w-[80ch] print:max-w-none">{each}</span>
            </li>
          ))}
        </ul>
      )}
      {isPrinted && (
        <div className="grid gap-1 text-muted">
          <p>{result.method}</p>
          <p>
            {sourceLine(result, lang)} · {origin}
          </p>
        </div>
      )}
      <div className="grid gap-x-10 gap-y-1 border-t border-rule pt-3 md:grid-cols-2 print:hidden">
        <details className="group min-w-0">
          <summary className="cursor-pointer py-1 font-medium">{t('exhibit.method')}</summary>
          <p className="mt-1 max-w-[70ch] text-soft">{result.method}</p>
          <p className="mt-2 font-mono text-[11.5px] [overflow-wrap:anywhere] text-muted">{origin}</p>
        </details>
        {result.published.length > 0 && <Published result={result} />}
      </div>
    </footer>
  );
}

/** The study's number and, where the result carries it, the same number of this dataset. */
type Compared = PublishedValue & { measured?: string | null };

/** A number stays on one line; an order of models, or a verdict, takes as many as it needs. */
const unbroken = (text: string | null | undefined): string =>
  textWidth(text ?? '', 1) <= 9 ? 'whitespace-nowrap' : '';

function Published({ result }: { result: ExhibitResult }) {
  const { t } = useText();
  const rows: Compared[] = result.published;
  const compared = rows.some((each) => each.measured !== undefined);
  return (
    <details className="min-w-0">
      <summary className="cursor-pointer py-1 font-medium">{t('exhibit.published')}</summary>
      <div className="overflow-x-auto">
        <table className={`mt-1 w-full ${compared ? '' : 'max-w-sm'}`}>
          <caption className="sr-only">{t('exhibit.published')}</caption>
          {compared && (
            <thead>
              <tr className="border-b border-rule text-xs text-muted">
                <td />
                <th scope="col" className="py-1 pl-3 text-right font-normal">
                  {t('exhibit.publishedColumn')}
                </th>
                <th scope="col" className="py-1 pl-3 text-right font-normal">
                  {t('exhibit.measuredColumn')}
                </th>
              </tr>
            </thead>
          )}
          <tbody>
            {rows.map((each) => (
              <tr key={`${each.label} ${each.text}`} className="border-b border-rule last:border-0">
                <th scope="row" className="min-w-20 py-1 pr-3 text-left font-normal text-soft">
                  {each.label}
                </th>
                <td className={`py-1 pl-3 text-right ${unbroken(each.text)}`}>{each.text}</td>
                {compared && (
                  <td className={`py-1 pl-3 text-right font-medium ${unbroken(each.measured)}`}>
                    {each.measured ?? NOTHING}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
