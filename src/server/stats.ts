/** Exhibits over HTTP: what there is, results as JSON, CSV, SVG and SQL, and a stream that tells of new data. */
import type { ServerResponse } from 'node:http';
import { type Static, Type, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { SECTIONS } from '../exhibits/contract.ts';
import { exhibitsOf } from '../exhibits/registry.ts';
import { exhibitInfo, SOFTWARE, toCsv } from '../exhibits/run.ts';
import { StateaiError } from '../generation/errors.ts';
import { type Lang, message } from '../messages/messages.ts';
import { categorySharesWords } from '../readings/category-shares-words.ts';
import type { Context } from './context.ts';
import { COMMAND_LINE } from './imports.ts';
import { parseRange } from './report-service.ts';

const Query = Type.Object({
  dataset: Type.Optional(Type.String({ description: 'default: live' })),
  from: Type.Optional(Type.String({ description: 'first day, YYYY-MM-DD, UTC' })),
  to: Type.Optional(Type.String({ description: 'last day, included' })),
  grain: Type.Optional(Type.String({ description: 'day, week (default) or month' })),
  where: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.String())], { description: 'key=value, repeatable' }),
  ),
  lang: Type.Optional(Type.String({ description: 'en or zh' })),
  theme: Type.Optional(Type.String({ description: 'light or dark, for svg' })),
  hide: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.String())], {
      description: 'key of a series that the picture leaves out, repeatable, for svg',
    }),
  ),
  bom: Type.Optional(
    Type.String({ description: 'true: csv begins with a byte order mark, as Excel wants it for UTF-8' }),
  ),
});
const Params = Type.Object({ id: Type.String() });

/** A mistyped name would be left out without a word, and the numbers would be of something else. @throws `bad_parameter` */
function checkParameters(query: Record<string, unknown>): void {
  const known = Object.keys(Query.properties);
  const wrong = Object.keys(query).find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new StateaiError(
      'bad_parameter',
      `"${wrong.slice(0, 40)}" is not a parameter`,
      `Use ${known.join(', ')}.`,
    );
  const oneOf = (name: 'lang' | 'theme' | 'bom', values: RegExp, use: string) => {
    const value = query[name];
    if (typeof value === 'string' && value !== '' && !values.test(value))
      throw new StateaiError('bad_parameter', `${name} is "${value.slice(0, 40)}"`, `Use ${use}.`);
  };
  oneOf('lang', /^(en|zh)([-_].*)?$/i, 'en or zh');
  oneOf('theme', /^(light|dark)$/, 'light or dark');
  oneOf('bom', /^(true|false)$/, 'true or false');
}

/** Excel reads a CSV without it in the machine's own encoding; other readers may take it for a part of the first name. */
const BYTE_ORDER_MARK = '\uFEFF';

const langOf = (text: string | undefined): Lang => (text?.startsWith('zh') ? 'zh' : 'en');
const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

export const stats = (context: Context) => async (base: FastifyInstance) => {
  const app = base.withTypeProvider<TypeBoxTypeProvider>();
  const { reports, warehouse } = context;
  app.addHook('preHandler', async ({ routeOptions, query }) => {
    if (/\/(exhibits|readings)\b/.test(routeOptions.url ?? ''))
      checkParameters(query as Record<string, unknown>);
  });
  const run = (id: string, query: Static<typeof Query>) =>
    reports.exhibit(
      query.dataset ?? 'live',
      id,
      parseRange({ ...query, where: list(query.where) }),
      langOf(query.lang),
    );

  app.get('/datasets', async () => ({
    datasets: await reports.datasets(),
    software: SOFTWARE,
    commandLine: COMMAND_LINE,
  }));

  app.get('/exhibits', { schema: { querystring: Query } }, async ({ query }) => {
    const lang = langOf(query.lang);
    const exhibits = exhibitsOf(context.dataDir).map((e) => exhibitInfo(e, lang));
    const sections = SECTIONS.filter((id) => exhibits.some((e) => e.section === id));
    return {
      exhibits,
      sections: sections.map((id) => ({
        id,
        title: message(lang, `sections.${id}.title`),
        intro: message(lang, `sections.${id}.intro`),
      })),
    };
  });

  app.get('/exhibits/:id', { schema: { params: Params, querystring: Query } }, ({ params, query }) =>
    run(params.id, query),
  );

  app.get(
    '/exhibits/:id/sql',
    { schema: { params: Params, querystring: Query } },
    async ({ params, query }, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .send(
          await reports.sql(
            query.dataset ?? 'live',
            params.id,
            parseRange({ ...query, where: list(query.where) }),
          ),
        ),
  );

  app.get(
    '/exhibits/:id/csv',
    { schema: { params: Params, querystring: Query } },
    async ({ params, query }, reply) => {
      const result = await run(params.id, query);
      return download(reply, `${result.id}-${result.dataset}.csv`, 'text/csv; charset=utf-8').send(
        `${query.bom === 'true' ? BYTE_ORDER_MARK : ''}${toCsv(result)}`,
      );
    },
  );

  app.get(
    '/exhibits/:id/svg',
    { schema: { params: Params, querystring: Query } },
    async ({ params, query }, reply) => {
      const whole = await run(params.id, query);
      // ECharts are six hundred files, and most servers draw no picture.
      const { pictureHeight, renderSvg } = await import('../charts/render-svg.ts');
      const { withoutSeries } = await import('../charts/without-series.ts');
      const result = withoutSeries(whole, list(query.hide));
      const theme = query.theme === 'dark' ? 'dark' : 'light';
      const lang = langOf(query.lang);
      const height = pictureHeight(result, 960, lang);
      const svg = renderSvg(result, { theme, lang, width: 960, height });
      return download(reply, `${result.id}-${result.dataset}.svg`, 'image/svg+xml').send(svg);
    },
  );

  app.get('/readings/category-shares', { schema: { querystring: Query } }, async ({ query }) => {
    const range = parseRange({ ...query, where: list(query.where) });
    const shares = await reports.categoryShares(query.dataset ?? 'live', range);
    return { ...categorySharesWords(shares, langOf(query.lang)), ...shares };
  });

  app.get(
    '/datasets/:name/values',
    {
      schema: {
        params: Type.Object({ name: Type.String() }),
        querystring: Type.Object({ key: Type.String({ description: 'a filter key, such as author' }) }),
      },
    },
    async ({ params, query }) => ({ values: await reports.values(params.name, query.key) }),
  );

  const listeners = new Set<ServerResponse>();
  context.stopping.addEventListener('abort', () => {
    for (const response of listeners) response.end();
  });
  app.get(
    '/datasets/:name/events',
    { schema: { params: Type.Object({ name: Type.String() }) } },
    (request, reply) => {
      const { name } = request.params;
      warehouse.dataset(name);
      reply.hijack();
      reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      let last = '';
      const look = async () => {
        const version = await reports.version(name).catch(() => last);
        reply.raw.write(
          version === last ? ': still here\n\n' : `event: version\ndata: ${JSON.stringify({ version })}\n\n`,
        );
        last = version;
      };
      const timer = setInterval(look, 2000);
      listeners.add(reply.raw);
      reply.raw.on('close', () => {
        clearInterval(timer);
        listeners.delete(reply.raw);
      });
      return look();
    },
  );
};

const download = (reply: FastifyReply, name: string, type: string): FastifyReply =>
  reply
    .type(type)
    .header('Content-Disposition', `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`);
