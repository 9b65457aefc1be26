/** For tests: Langfuse's public API over observations and traces in memory, with both of its observation endpoints. */
import { type Answer, type ApiServer, type Asked, apiServer } from './api-server.fixture.ts';

export interface Observation {
  id: string;
  traceId: string;
  type: string;
  startTime: string;
  [field: string]: unknown;
}

export interface Trace {
  id: string;
  timestamp: string;
  userId: string | null;
  sessionId: string | null;
}

export const CANARY = 'what-the-user-said-to-the-model';

export const generation = (
  id: string,
  startTime: string,
  change: Record<string, unknown> = {},
): Observation => ({
  id,
  traceId: `trace-${id}`,
  type: 'GENERATION',
  name: 'answer',
  startTime,
  endTime: new Date(Date.parse(startTime) + 3000).toISOString(),
  completionStartTime: new Date(Date.parse(startTime) + 500).toISOString(),
  model: 'gpt-4.1',
  modelParameters: { stop: CANARY },
  usageDetails: { input: 60, input_cached_tokens: 40, output: 20, total: 120 },
  costDetails: { input: 0.01, output: 0.02, total: 0.03 },
  calculatedTotalCost: 0.03,
  level: 'DEFAULT',
  statusMessage: CANARY,
  environment: 'production',
  input: [{ role: 'user', content: CANARY }],
  output: { role: 'assistant', content: CANARY },
  metadata: { note: CANARY },
  projectId: 'p1',
  ...change,
});

export interface LangfuseServer extends ApiServer {
  observations: Observation[];
  traces: Trace[];
}

/** @param answer answers first, where it does not return null */
export async function langfuseServer(options: {
  newer: boolean;
  key: string;
  answer?(asked: Asked, number: number): Answer | null;
}): Promise<LangfuseServer> {
  const observations: Observation[] = [];
  const traces: Trace[] = [];
  const server = await apiServer((asked, number) => {
    const special = options.answer?.(asked, number);
    if (special) return special;
    const basic = `Basic ${Buffer.from(options.key).toString('base64')}`;
    if (asked.headers.authorization !== basic) return { json: { message: 'Unauthorized' }, status: 401 };
    switch (asked.path) {
      case '/api/public/v2/observations':
        return options.newer
          ? newer(observations, asked.query)
          : { json: { message: 'Not found' }, status: 404 };
      case '/api/public/observations':
        return older(
          between(observations, asked.query, 'startTime', 'StartTime').filter(ofType(asked.query)),
          asked.query,
        );
      case '/api/public/traces':
        return older(
          between(traces, asked.query, 'timestamp', 'Timestamp').map((t) => ({
            ...t,
            input: null,
            output: null,
          })),
          asked.query,
        );
      default:
        return { json: {}, status: 404 };
    }
  });
  return Object.assign(server, { observations, traces });
}

const ofType = (query: URLSearchParams) => (o: Observation) =>
  query.get('type') === null || o.type === query.get('type');

/** Newest first, as Langfuse sorts. */
function between<T extends object>(
  rows: readonly T[],
  query: URLSearchParams,
  field: string,
  name: string,
): T[] {
  const time = (row: T) => (row as Record<string, string>)[field] as string;
  const from = query.get(`from${name}`) ?? '';
  const to = query.get(`to${name}`) ?? '9';
  const found = rows.filter((row) => time(row) >= from && time(row) < to);
  const sign = query.get('orderBy')?.endsWith('.asc') ? 1 : -1;
  return found.sort((a, b) => sign * (time(a) < time(b) ? -1 : 1));
}

function older(rows: readonly object[], query: URLSearchParams): Answer {
  const limit = Number(query.get('limit') ?? 50);
  const page = Number(query.get('page') ?? 1);
  if (limit > 100) return { json: { message: 'limit' }, status: 400 };
  return {
    json: {
      data: rows.slice((page - 1) * limit, page * limit),
      meta: { page, limit, totalItems: rows.length, totalPages: Math.ceil(rows.length / limit) },
    },
  };
}

/** Fields by group; a cursor; user and session on the observation itself. */
function newer(all: readonly Observation[], query: URLSearchParams): Answer {
  const groups = (query.get('fields') ?? 'core,basic').split(',');
  const limit = Number(query.get('limit') ?? 50);
  if (limit > 1000) return { json: { message: 'limit' }, status: 400 };
  const rows = between(all, query, 'startTime', 'StartTime').filter(ofType(query));
  const start = Number(Buffer.from(query.get('cursor') ?? '', 'base64').toString() || 0);
  const data = rows.slice(start, start + limit).map((row) => {
    const { input, output, metadata, calculatedTotalCost, usageDetails, costDetails, ...rest } = row;
    return {
      ...rest,
      ...(groups.includes('usage') ? { usageDetails, costDetails, totalCost: calculatedTotalCost } : {}),
      ...(groups.includes('io') ? { input, output } : {}),
      ...(groups.includes('metadata') ? { metadata } : {}),
    };
  });
  const cursor = Buffer.from(String(start + limit)).toString('base64');
  return { json: { data, meta: start + limit < rows.length ? { cursor } : {} } };
}
