/** What is not there: a sentence for programs, and for people who typed an address a page that leads to the report. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeMarkup } from '../charts/escape.ts';
import { type Lang, message as translated } from '../messages/messages.ts';

/** Where senders of telemetry land that were pointed a little beside the door. */
const BESIDE: readonly (readonly [RegExp, string])[] = [
  [
    /\/v1\/(logs|metrics)$/,
    'StateAI reads traces alone, at /v1/traces: set OTEL_LOGS_EXPORTER and OTEL_METRICS_EXPORTER to none. What Claude Code and Codex used is in their session logs: stateai import.',
  ],
  [
    /\/v1\/traces?\/|\/v1\/trace$|^\/$/,
    'Traces go to /v1/traces. OTEL_EXPORTER_OTLP_ENDPOINT takes the address of the server without a path.',
  ],
  [
    /^\/api\/public\/ingestion$/,
    'This is how older SDKs of Langfuse send. Those that send OpenTelemetry are read; what others wrote is imported: stateai import langfuse.',
  ],
];

export function notFound(request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.split('?')[0]?.slice(0, 120) ?? '';
  const { accept = '', 'accept-language': languages = '' } = request.headers;
  reply.code(404);
  const hint = request.method === 'GET' ? undefined : BESIDE.find(([beside]) => beside.test(path))?.[1];
  const message = nothingAt(request.method, path);
  // The gateway's clients know errors of one shape alone.
  if (path.startsWith('/api/'))
    return reply.send({ error: { code: 404, message: hint ? `${message}. ${hint}` : message } });
  if (request.method === 'GET' && accept.includes('text/html'))
    return reply.type('text/html; charset=utf-8').send(page(path, languages.startsWith('zh') ? 'zh' : 'en'));
  return reply.send({ error: { code: 'not_found', message, next: hint ?? 'See /stats/openapi.json.' } });
}

/** Records come in here, with keys of their own; nothing else is at these paths. */
export const DOORS: readonly string[] = ['/v1/traces', '/stats/v1/generations'];

/** Paths of the gateway, as they stand behind an SDK's base URL. */
const GATEWAY = /\/(chat\/completions|completions|responses|messages(\/count_tokens)?|embeddings)\/?$/;

/** What a program is told; one whose base URL is another also what that should be. */
export function nothingAt(method: string, path: string): string {
  const said = `${method} ${path} does not exist`;
  if (method !== 'POST' && DOORS.includes(path.replace(/\/$/, ''))) return `${said}: it takes POST`;
  const [, wanted] = GATEWAY.exec(path) ?? [];
  if (wanted === undefined) return said;
  if (path === `/api/v1/${wanted}`) return `${said}: it takes POST`;
  return `${said}. The gateway is at POST /api/v1/${wanted}: let the base URL end with /api/v1, for Anthropic’s SDK with /api`;
}

const page = (path: string, lang: Lang): string => `<!doctype html>
<html lang="${lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>StateAI · 404</title>
<link rel="icon" href="/favicon.svg">
<style>
  body { font: 1.05rem/1.6 Charter, Georgia, "Songti SC", "Noto Serif CJK SC", serif; max-width: 34rem; margin: 16vh auto; padding: 0 1rem; background: light-dark(#faf9f6, #131417); color: light-dark(#1b1c1e, #eceae5) }
  h1 { font-size: 1.6rem; overflow-wrap: anywhere }
  p:first-child { display: flex; gap: .6rem; align-items: center; font-weight: 600 }
  a { color: light-dark(#b23a24, #ff8f78) }
</style>
<body>
<p><img src="/favicon.svg" alt="" width="26" height="26"> StateAI</p>
<h1>${escapeMarkup(translated(lang, 'web.notFound.title', { path }))}</h1>
<p><a href="/">${escapeMarkup(translated(lang, 'web.notFound.link'))}</a></p>
</body>
</html>
`;
