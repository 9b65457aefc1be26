import { useMemo, useState } from 'react';
import { Chevron } from '../controls/icons.tsx';
import { count, usd } from './format.ts';
import { ModelEndpoints } from './model-endpoints.tsx';
import { type ListedModel, perMillion } from './model-prices.ts';
import { type Column, DataGrid } from './parts/data-grid.tsx';
import { Problem } from './parts/problem.tsx';
import { SearchField } from './parts/search-field.tsx';
import { Empty, Loading, Section } from './parts/section.tsx';
import { Known } from './parts/unknown.tsx';
import { useModels } from './queries.ts';
import { useAdminText } from './text.ts';

const FIRST_SHOWN = 50;

/** What can be asked for and what it costs; each model with its endpoints below. */
export function Models() {
  const { t, lang } = useAdminText();
  const { data: models, error, refetch } = useModels();
  const [search, setSearch] = useState('');
  const [most, setMost] = useState(FIRST_SHOWN);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo<Column<ListedModel>[]>(() => {
    const price = (id: 'prompt' | 'completion' | 'cached', of: keyof ListedModel['pricing']) => ({
      id,
      label: t(`models.${id}`),
      numeric: true,
      value: (model: ListedModel) => perMillion(model.pricing[of]),
      show: (model: ListedModel) => (
        <Known value={perMillion(model.pricing[of])}>{(value) => usd(value, lang)}</Known>
      ),
    });
    return [
      {
        id: 'model',
        label: t('models.model'),
        value: (model) => model.id,
        show: (model) => (
          <button
            type="button"
            aria-expanded={open.has(model.id)}
            title={t('models.show', { model: model.id })}
            onClick={() => setOpen(toggled(open, model.id))}
            className="flex max-w-56 items-center gap-2 text-left sm:max-w-96"
          >
            <span className={open.has(model.id) ? '' : '-rotate-90'}>
              <Chevron />
            </span>
            <span className="min-w-0">
              <span className="block truncate">{model.id}</span>
              {model.name !== model.id && (
                <span className="block truncate text-xs text-muted">{model.name}</span>
              )}
            </span>
          </button>
        ),
      },
      price('prompt', 'prompt'),
      price('completion', 'completion'),
      price('cached', 'input_cache_read'),
      {
        id: 'context',
        label: t('models.context'),
        numeric: true,
        value: (model) => model.context_length || null,
        show: (model) => <Known value={model.context_length || null}>{(n) => count(n, lang)}</Known>,
      },
    ];
  }, [t, lang, open]);
  const found = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return (models ?? []).filter((model) => `${model.id} ${model.name}`.toLowerCase().includes(wanted));
  }, [models, search]);
  return (
    <Section
      title={t('models.title')}
      lead={t('models.lead')}
      actions={(models?.length ?? 0) > 10 && <SearchField value={search} onChange={setSearch} />}
    >
      {!models && error && <Problem error={error} onRetry={() => refetch()} />}
      {!models && !error && <Loading />}
      {models?.length === 0 && (
        <Empty title={t('models.empty')}>
          <p>{t('models.emptyText')}</p>
        </Empty>
      )}
      {models && models.length > 0 && found.length === 0 && (
        <p className="text-sm text-muted">{t('models.noMatch')}</p>
      )}
      {found.length > 0 && (
        <>
          <DataGrid
            label={t('models.title')}
            columns={columns}
            rows={found.slice(0, most)}
            keyOf={(model) => model.id}
            detail={(model) => (open.has(model.id) ? <ModelEndpoints model={model.id} /> : null)}
          />
          <p className="mt-2 text-[13px] text-muted">{t('models.cheapest')}</p>
        </>
      )}
      {found.length > most && (
        <button type="button" className="control mt-3" onClick={() => setMost(most + 10 * FIRST_SHOWN)}>
          {t('more')}
        </button>
      )}
    </Section>
  );
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
