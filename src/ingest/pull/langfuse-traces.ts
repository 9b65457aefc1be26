/** Users and sessions of Langfuse's traces, for observations that do not carry them. */
import { listIn, textIn } from './answers.ts';
import { fetchJson } from './http.ts';
import { type LangfuseApi, langfuseCall } from './langfuse-api.ts';
import { HOUR } from './source.ts';

/** Trace → what its observations get. */
export type TracePeople = Map<string, { userId?: string; sessionId?: string }>;

const TRACES_A_PAGE = 100;
/** A trace may begin so much before the generations of a window. */
const BEFORE = HOUR;
/** Traces that are remembered: those of the last windows, as long traces go on. */
const MOST_TRACES = 500_000;

/** Adds the traces of a window. Their texts are not asked for; a server too old to leave them out sends them in vain. */
export async function readTraces(
  api: LangfuseApi,
  window: { from: number; to: number },
  people: TracePeople,
): Promise<void> {
  for (let page = 1; ; page++) {
    const call = langfuseCall(api, '/api/public/traces', {
      fields: 'core',
      orderBy: 'timestamp.asc',
      page: String(page),
      limit: String(TRACES_A_PAGE),
      fromTimestamp: new Date(Math.max(0, window.from - BEFORE)).toISOString(),
      toTimestamp: new Date(window.to).toISOString(),
    });
    const traces = listIn(await fetchJson(call, api.runtime), 'data', call.url);
    for (const trace of traces) {
      const id = textIn(trace, 'id');
      const userId = textIn(trace, 'userId');
      const sessionId = textIn(trace, 'sessionId');
      if (id && (userId || sessionId))
        people.set(id, { ...(userId ? { userId } : {}), ...(sessionId ? { sessionId } : {}) });
    }
    if (traces.length < TRACES_A_PAGE) break;
  }
  for (const id of people.keys()) {
    if (people.size <= MOST_TRACES) break;
    people.delete(id);
  }
}
