/** What is not there: a sentence for programs, and for people who typed an address a page that leads to the report. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeMarkup } from '../charts/escape.ts';
import { type Lang, message } from '../messages/messages.ts';

export function notFound(request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.split('?')[0]?.slice(0, 120) ?? '';
  const { accept = '', 'accept-language': languages = '' } = request.headers;
  reply.code(404);
  // The gateway's clients know errors of one shape alone.
  if (path.startsWith('/api/'))
    return reply.send({ error: { code: 404, message: `${request.method} ${path} does not exist` } });
  if (request.method === 'GET' && accept.includes('text/html'))
    return reply.type('text/html; charset=utf-8').send(page(path, languages.startsWith('zh') ? 'zh' : 'en'));
  return reply.send({
    error: {
      code: 'not_found',
      message: `${request.method} ${path} does not exist`,
      next: 'See /stats/openapi.json.',
    },
  });
}

const page = (path: string, lang: Lang): string => `<!doctype html>
<html lang="${lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>StateAI · 404</title>
<body style="font: 1.1rem/1.6 Georgia, serif; max-width: 34rem; margin: 18vh auto; padding: 0 1rem">
<h1 style="font-size: 1.6rem; overflow-wrap: anywhere">${escapeMarkup(message(lang, 'web.notFound.title', { path }))}</h1>
<p><a href="/">${escapeMarkup(message(lang, 'web.notFound.link'))}</a></p>
</body>
</html>
`;
