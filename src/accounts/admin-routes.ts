/** Managing accounts, keys and provider keys over HTTP, for the admin page and the command line; mounted under `/stats/v1/admin`. */
import { Type, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { isStateaiError } from '../generation/errors.ts';
import type { OpenAccounts } from './accounts.ts';
import type { AccountInput, KeyInput, NewKeyInput, UsageDimension } from './admin-contract.ts';
import { acceptEmptyJson } from './empty-json.ts';
import { statusOf, unauthorized } from './errors.ts';

export interface AdminRouteOptions {
  accounts: OpenAccounts;
  /** Does the request carry the admin secret, or is none needed? */
  isAdmin(request: FastifyRequest): boolean;
}

const paging = {
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
};
const Id = Type.Object({ id: Type.String() });
const Hash = Type.Object({ hash: Type.String() });
const Provider = Type.Object({ id: Type.String(), provider: Type.String() });
/** Its fields are checked where they are used (input.ts), which says what is wrong with which. */
const body = <T>() => Type.Unsafe<T>({ type: 'object' });

/** Errors are `{error: {code, message, next}}`; what is deleted answers 204. */
export const accountAdminRoutes =
  ({ accounts, isAdmin }: AdminRouteOptions) =>
  async (base: FastifyInstance) => {
    const app = base.withTypeProvider<TypeBoxTypeProvider>();
    const { admin } = accounts;
    acceptEmptyJson(base);

    app.addHook('onRequest', async (request) => {
      if (!isAdmin(request))
        throw unauthorized('This needs the admin secret', 'Send it as a bearer token, or log in with it.');
    });
    // What was used until now is to be seen.
    app.addHook('preHandler', async (request) => {
      if (request.method === 'GET' && !request.url.endsWith('/status')) await accounts.flush();
    });
    app.setErrorHandler((error: FastifyError, _request, reply) => {
      const ours = isStateaiError(error) ? error : null;
      const status = (ours && statusOf(ours.code)) ?? error.statusCode ?? 500;
      const { retryAfter } = error as { retryAfter?: number | null };
      if (retryAfter) reply.header('Retry-After', String(retryAfter));
      return reply.code(status).send({
        error: {
          code: ours?.code ?? (status < 500 ? 'bad_request' : 'failed'),
          message: ours?.message ?? (status < 500 ? error.message : 'The request failed'),
          next: ours?.next ?? '',
        },
      });
    });

    app.get('/status', async () => accounts.status());

    app.get('/accounts', { schema: { querystring: Type.Object(paging) } }, ({ query }) =>
      admin.listAccounts(query),
    );
    app.post(
      '/accounts',
      { schema: { body: body<AccountInput & { name: string }>() } },
      async (request, reply) => reply.code(201).send(await admin.createAccount(request.body)),
    );
    app.get('/accounts/:id', { schema: { params: Id } }, ({ params }) => admin.getAccount(params.id));
    app.patch('/accounts/:id', { schema: { params: Id, body: body<AccountInput>() } }, (request) =>
      admin.updateAccount(request.params.id, request.body),
    );
    app.post('/accounts/:id/credits', { schema: { params: Id, body: body<{ usd: number }>() } }, (request) =>
      admin.addCredits(request.params.id, request.body.usd),
    );
    app.delete('/accounts/:id', { schema: { params: Id } }, async ({ params }, reply) => {
      await admin.deleteAccount(params.id);
      return reply.code(204).send();
    });

    app.get('/accounts/:id/byok', { schema: { params: Id } }, async ({ params }) => ({
      items: await admin.listByokKeys(params.id),
    }));
    app.put(
      '/accounts/:id/byok/:provider',
      { schema: { params: Provider, body: body<{ key: string }>() } },
      ({ params, body: { key } }) => admin.setByokKey(params.id, params.provider, key),
    );
    app.delete(
      '/accounts/:id/byok/:provider',
      { schema: { params: Provider } },
      async ({ params }, reply) => {
        await admin.deleteByokKey(params.id, params.provider);
        return reply.code(204).send();
      },
    );

    const KeyQuery = Type.Object({
      ...paging,
      account: Type.Optional(Type.String()),
      search: Type.Optional(Type.String({ description: 'in name and label, or the beginning of the hash' })),
      include_disabled: Type.Optional(Type.Boolean({ default: true })),
    });
    app.get('/keys', { schema: { querystring: KeyQuery } }, ({ query }) => {
      const { include_disabled: includeDisabled, ...rest } = query;
      return admin.listKeys({ ...rest, includeDisabled });
    });
    app.post('/keys', { schema: { body: body<NewKeyInput>() } }, async (request, reply) =>
      reply.code(201).send(await admin.createKey(request.body)),
    );
    app.get('/keys/:hash', { schema: { params: Hash } }, ({ params }) => admin.getKey(params.hash));
    app.patch('/keys/:hash', { schema: { params: Hash, body: body<KeyInput>() } }, (request) =>
      admin.updateKey(request.params.hash, request.body),
    );
    app.delete('/keys/:hash', { schema: { params: Hash } }, async ({ params }, reply) => {
      await admin.deleteKey(params.hash);
      return reply.code(204).send();
    });

    const UsageQuerystring = Type.Object({
      by: Type.Optional(
        Type.String({ description: 'day, account, key, model, provider; several with commas' }),
      ),
      account: Type.Optional(Type.String()),
      key: Type.Optional(Type.String()),
      from: Type.Optional(Type.String({ description: 'first day, YYYY-MM-DD, UTC' })),
      to: Type.Optional(Type.String({ description: 'last day, included' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    });
    app.get('/usage', { schema: { querystring: UsageQuerystring } }, async ({ query }) => {
      const by = (query.by ?? '').split(',').filter(Boolean) as UsageDimension[];
      return { rows: await admin.usage({ ...query, by }) };
    });
  };
