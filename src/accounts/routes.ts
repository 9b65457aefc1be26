/**
 * `/key`, `/credits`, `/activity` and `/keys` in the shapes of OpenRouter's API, to be mounted under `/api/v1`.
 * A workspace of that API is an account here. Errors are `{error: {code: <HTTP status>, message}}`.
 */
import { Type, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isStateaiError, StateaiError } from '../generation/errors.ts';
import type { OpenAccounts } from './accounts.ts';
import type { KeyWithUsage } from './admin-contract.ts';
import { secretOf } from './caller-secret.ts';
import type { Caller } from './contract.ts';
import { acceptEmptyJson } from './empty-json.ts';
import { AccountsError, statusOf } from './errors.ts';
import { dayOf } from './windows.ts';
import { keyInputOf, limitFields, usageFields, type WireKeyBody, wireActivity, wireKey } from './wire.ts';

export interface RouteOptions {
  accounts: OpenAccounts;
  /** Does the request carry the admin secret? */
  isAdmin(request: FastifyRequest): boolean;
  /** Throws where an open gateway must not answer a request that carries no key. */
  requireOwnMachine(request: FastifyRequest): void;
  /** Milliseconds since 1970. */
  now?(): number;
}

const DAY_MS = 86_400_000;
/** Completed days that `/activity` goes back; today so far is there too. */
const ACTIVITY_DAYS = 30;

/** Not checked here, where a text would become a number: input.ts says what is wrong with which. */
const checkedLater = <T>(description: string) => Type.Optional(Type.Unsafe<T>({ description }));
const keyFields = {
  limit: checkedLater<number | null>('USD; null: no limit'),
  limit_reset: Type.Optional(
    Type.Unsafe<'daily' | 'weekly' | 'monthly' | null>({ enum: ['daily', 'weekly', 'monthly', null] }),
  ),
  include_byok_in_limit: checkedLater<boolean>('own provider keys count too'),
};
const NewKey = Type.Object({
  name: Type.Unsafe<string>({}),
  ...keyFields,
  expires_at: checkedLater<string | null>('ISO 8601; UTC without an offset'),
  workspace_id: checkedLater<string>('account; absent: local, or that of the key'),
  external: Type.Optional(Type.Unknown()),
  creator_user_id: checkedLater<string | null>('not known here'),
});
const ChangedKey = Type.Object({
  name: checkedLater<string>('a name'),
  disabled: checkedLater<boolean>('true: it is refused'),
  ...keyFields,
});
const Hash = Type.Object({ hash: Type.String() });

export const accountRoutes = (options: RouteOptions) => async (base: FastifyInstance) => {
  const app = base.withTypeProvider<TypeBoxTypeProvider>();
  const { accounts, isAdmin, requireOwnMachine, now = Date.now } = options;
  const { admin } = accounts;
  app.setErrorHandler(sendError);
  acceptEmptyJson(base);

  const callerOf = async (request: FastifyRequest): Promise<Caller> => {
    const caller = await accounts.authenticate(secretOf(request.headers));
    if (caller.key === null) requireOwnMachine(request);
    return caller;
  };
  /** Whose keys may be managed: null = everybody's. */
  const scopeOf = async (request: FastifyRequest): Promise<string | null> => {
    if (isAdmin(request)) return null;
    const { key, account } = await callerOf(request);
    if (key === null) return null;
    if (key.management) return account.id;
    throw new AccountsError('forbidden', 'The key is no management key', 'Use one, or the admin secret.');
  };
  /** The account that is meant within what may be managed; undefined = all. */
  const within = (scope: string | null, wanted: string | undefined): string | undefined => {
    if (scope !== null && wanted !== undefined && wanted !== scope)
      throw new AccountsError(
        'forbidden',
        'The management key belongs to another workspace',
        'Leave workspace_id out.',
      );
    return scope ?? wanted;
  };
  const managed = async (request: FastifyRequest, hash: string): Promise<KeyWithUsage> => {
    const scope = await scopeOf(request);
    const key = await admin.getKey(hash);
    // Keys of others do not exist for it.
    if (scope !== null && key.account !== scope)
      throw new AccountsError('not_found', 'The key does not exist', 'GET /keys lists them.');
    return key;
  };

  app.get('/key', async (request) => {
    const { key, account } = await callerOf(request);
    await accounts.flush();
    const { limits, usage } = key ? await admin.getKey(key.hash) : await admin.getAccount(account.id);
    const today = dayOf(now());
    const models = await admin.usage({
      by: ['model'],
      ...(key ? { key: key.hash } : { account: account.id }),
      from: today,
      to: today,
      limit: 10_000,
    });
    const free = models.filter((row) => row.model?.endsWith(':free'));
    const perMinute = limits.requestsPerMinute;
    return {
      data: {
        label: key?.label ?? account.name,
        ...limitFields(limits, usage),
        include_byok_in_limit: key?.includeByokInLimit ?? false,
        ...usageFields(usage),
        expires_at: key?.expiresAt ? new Date(key.expiresAt).toISOString() : null,
        is_free_tier: false,
        is_management_key: key?.management ?? false,
        is_provisioning_key: key?.management ?? false,
        rate_limit: {
          requests: perMinute ?? -1,
          interval: '1m',
          note: perMinute === null ? 'Requests are not limited' : 'Requests a minute, UTC minutes',
        },
        // Free models have no quota of their own: -1.
        free_model_daily_requests: {
          limit: -1,
          remaining: -1,
          used: free.reduce((sum, row) => sum + row.requests, 0),
        },
        allowed_data_regions: ['global'],
        creator_user_id: null,
        organization_id: null,
        workspace_id: account.id,
      },
    };
  });

  app.get('/credits', async (request) => {
    const { account } = await callerOf(request);
    await accounts.flush();
    const { credits, usage } = await admin.getAccount(account.id);
    // Without credits the account is postpaid: it bought none.
    return { data: { total_credits: credits ?? 0, total_usage: usage.total.cost } };
  });

  const ActivityQuery = Type.Object({
    date: Type.Optional(Type.String({ description: 'YYYY-MM-DD, of the last 30 days, UTC' })),
    api_key_hash: Type.Optional(Type.String()),
    workspace_id: Type.Optional(Type.String()),
    group_by: Type.Optional(Type.Literal('workspace')),
    user_id: Type.Optional(Type.String()),
  });
  app.get('/activity', { schema: { querystring: ActivityQuery } }, async (request) => {
    const { date, api_key_hash: key, workspace_id, group_by, user_id } = request.query;
    const account = within(await scopeOf(request), workspace_id);
    if (user_id !== undefined) throw notKnown('user_id');
    const [earliest, today] = [dayOf(now() - ACTIVITY_DAYS * DAY_MS), dayOf(now())];
    if (date !== undefined && !(date >= earliest && date <= today))
      throw new StateaiError(
        'bad_date',
        `date must be a day from ${earliest} to ${today}`,
        'Write YYYY-MM-DD.',
      );
    await accounts.flush();
    const rows = await admin.usage({
      by: group_by ? ['day', 'account', 'model', 'provider'] : ['day', 'model', 'provider'],
      account,
      key,
      from: date ?? earliest,
      to: date ?? today,
      limit: 100_000,
    });
    return { data: rows.map(wireActivity) };
  });

  const ListQuery = Type.Object({
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    include_disabled: Type.Optional(Type.Boolean()),
    workspace_id: Type.Optional(Type.String()),
  });
  app.get('/keys', { schema: { querystring: ListQuery } }, async (request) => {
    const { offset = 0, include_disabled: includeDisabled = false, workspace_id } = request.query;
    const account = within(await scopeOf(request), workspace_id);
    await accounts.flush();
    const { items } = await admin.listKeys({ account, includeDisabled, offset });
    return { data: items.map(wireKey) };
  });

  app.post('/keys', { schema: { body: NewKey } }, async (request, reply) => {
    const { workspace_id, external, creator_user_id, ...body } = request.body;
    const account = within(await scopeOf(request), workspace_id);
    if (external !== undefined) throw notKnown('external');
    if (creator_user_id !== undefined && creator_user_id !== null) throw notKnown('creator_user_id');
    const { secret, key } = await admin.createKey({
      ...keyInputOf(body as WireKeyBody, null),
      name: body.name,
      account,
    });
    return reply.code(201).send({ data: wireKey(key), key: secret });
  });

  app.get('/keys/:hash', { schema: { params: Hash } }, async (request) => {
    await accounts.flush();
    return { data: wireKey(await managed(request, request.params.hash)) };
  });

  app.patch('/keys/:hash', { schema: { params: Hash, body: ChangedKey } }, async (request) => {
    await accounts.flush();
    const before = await managed(request, request.params.hash);
    return { data: wireKey(await admin.updateKey(before.hash, keyInputOf(request.body, before))) };
  });

  app.delete('/keys/:hash', { schema: { params: Hash } }, async (request) => {
    const { hash } = await managed(request, request.params.hash);
    await accounts.flush();
    await admin.deleteKey(hash);
    return { deleted: true };
  });
};

const notKnown = (field: string): StateaiError =>
  new StateaiError('bad_request', `${field} is not known here`, 'Leave it out.');

/** The contract's shape: `code` is the HTTP status. */
function sendError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply) {
  const ours = isStateaiError(error) ? error : null;
  const status = (ours && statusOf(ours.code)) ?? error.statusCode ?? 500;
  const { retryAfter } = error as { retryAfter?: number | null };
  if (retryAfter) reply.header('Retry-After', String(retryAfter));
  const message = ours
    ? [ours.message, ours.next].filter(Boolean).join('. ')
    : status < 500
      ? error.message
      : 'The request failed';
  return reply.code(status).send({ error: { code: status, message } });
}
