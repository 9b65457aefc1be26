/** The configuration that the gateway runs with: the file, completed by presets and by keys found in the environment. */
import { existsSync, readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { explain, StateaiError } from '../../generation/errors.ts';
import type { Dialect } from '../contract.ts';
import { PRESETS, type Preset, presetOf } from './presets.ts';
import { type ClassifierFile, ConfigFile, type ModelFile, type ProviderFile } from './schema.ts';

/** A provider as it is called. */
export interface Provider {
  slug: string;
  /** The known provider that it is; null = an address of somebody's own. */
  preset: string | null;
  name: string;
  urls: Partial<Record<Dialect, string>>;
  sdk: Preset['sdk'] | null;
  apiKey: string | null;
  auth: Preset['auth'];
  headers: Readonly<Record<string, string>>;
  authors: readonly string[];
  spelling: Preset['spelling'] | null;
  keepsReasoning: boolean;
  /** By service tier: times its prices. */
  priceFactors: Readonly<Record<string, number>>;
  lists: boolean;
  models: readonly ModelFile[];
  region: string | null;
  /** It may keep prompts or train on them; null = nobody said. */
  trainsOnData: boolean | null;
  zdr: boolean | null;
  /** Where its key came from, for the admin page: a variable, `file`, or none. */
  keySource: string | null;
}

export interface GatewayConfig {
  providers: readonly Provider[];
  sandbox: boolean;
  timeouts: { connectMs: number; firstByteMs: number; betweenBytesMs: number; totalMs: number };
  retries: { perEndpoint: number; baseMs: number; failuresToOpen: number; coolDownMs: number };
  maxBodyBytes: number;
  dataset: string;
  recording: boolean;
  sampleRate: number;
  classifier: ClassifierConfig;
}

/** What labels the sampled prompts; `apiKey` with its variable filled in. */
export type ClassifierConfig = ClassifierFile & { kind: 'embedded' | 'google' | 'llm' | 'off' };

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws `bad_config` naming the member and what is expected */
export function readConfig(path: string | null, environment: Environment = process.env): GatewayConfig {
  if (path !== null && path === environment.STATEAI_CONFIG && !existsSync(path))
    throw new StateaiError(
      'bad_config',
      `${path} is not there`,
      'STATEAI_CONFIG names it: correct or unset it.',
    );
  return resolveConfig(path !== null && existsSync(path) ? readConfigFile(path) : {}, environment);
}

function readConfigFile(path: string): ConfigFile {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    if ((error as NodeJS.ErrnoException).errno) throw explain(error, `Reading ${path}`);
    throw new StateaiError(
      'bad_config',
      `${path}: ${(error as Error).message.split('\n')[0]?.replace(/:$/, '')}`,
      'It must be YAML or JSON.',
    );
  }
  if (Value.Check(ConfigFile, value)) return value;
  const [first] = Value.Errors(ConfigFile, value);
  const where = first?.instancePath ? first.instancePath.slice(1).replaceAll('/', '.') : 'the file';
  // A closed object refuses what it does not know by a schema that nothing fits.
  const isUnknown = first?.keyword === 'boolean' || first?.keyword === 'additionalProperties';
  const { allowedValues } = (first?.params ?? {}) as { allowedValues?: string[] };
  const expected = allowedValues
    ? `must be one of ${allowedValues.join(', ')}`
    : (first?.message ?? 'is wrong');
  throw new StateaiError(
    'bad_config',
    `${path}: ${where} ${isUnknown ? 'is not known' : expected}`,
    'docs/guides/gateway.md describes every member.',
  );
}

export function resolveConfig(file: ConfigFile, environment: Environment): GatewayConfig {
  const named = file.providers ?? [];
  const twice = named.find((p, i) => named.findIndex((q) => q.slug === p.slug) !== i);
  if (twice)
    throw new StateaiError(
      'bad_config',
      `Provider "${twice.slug}" is there twice`,
      'Give each a slug of its own.',
    );
  const providers = [
    ...named.filter((p) => p.enabled !== false).map((p) => fromFile(p, environment)),
    ...(file.environment === false ? [] : PRESETS)
      .filter((p) => !named.some((n) => n.slug === p.slug))
      .flatMap((p) => fromEnvironment(p, environment)),
  ];
  return {
    providers,
    sandbox: file.sandbox ?? providers.length === 0,
    timeouts: {
      connectMs: 10_000,
      firstByteMs: 120_000,
      betweenBytesMs: 60_000,
      totalMs: 1_800_000,
      ...file.timeouts,
    },
    retries: { perEndpoint: 2, baseMs: 250, failuresToOpen: 5, coolDownMs: 30_000, ...file.retries },
    maxBodyBytes: file.maxBodyBytes ?? 64 << 20,
    dataset: file.dataset ?? 'live',
    recording: file.recording ?? true,
    sampleRate: file.sampleRate ?? 0.0025,
    classifier: classifierOf(file.classifier ?? {}, environment),
  };
}

function classifierOf(file: ClassifierFile, environment: Environment): ClassifierConfig {
  const wrong = (what: string, next: string) => new StateaiError('bad_config', `Classifier: ${what}`, next);
  const kind = file.kind ?? 'embedded';
  if (kind === 'llm' && !file.url) throw wrong('`url` is missing', 'Give the base URL of the endpoint.');
  if (kind === 'llm' && !file.model) throw wrong('`model` is missing', 'Name the model that labels.');
  if (kind === 'llm' && file.dailyUsd !== undefined && !file.prices)
    throw wrong('`dailyUsd` needs `prices`', 'Give USD per million tokens: prompt and completion.');
  if (kind === 'google' && file.model && !['v1', 'v2'].includes(file.model))
    throw wrong('`model` is v1 or v2', 'v1 sorts into 1,091 categories, v2 likewise in more languages.');
  return { ...file, kind, ...(file.apiKey ? { apiKey: expand(file.apiKey, environment, wrong) } : {}) };
}

const blank = {
  headers: {},
  models: [],
  region: null,
  trainsOnData: null,
  zdr: null,
  spelling: null,
  sdk: null,
};

function fromEnvironment(preset: Preset, environment: Environment): Provider[] {
  const variable = preset.keyVariables.find((v) => environment[v]);
  const address = preset.urlVariable ? environment[preset.urlVariable] : undefined;
  const credentials = preset.credentialVariables?.find((v) => environment[v]);
  if (preset.urlVariable ? !address : !variable && !credentials) return [];
  if (preset.auth === 'api-key' && !variable) return [];
  return [
    {
      ...blank,
      slug: preset.slug,
      preset: preset.slug,
      name: preset.name,
      auth: preset.auth,
      authors: preset.authors,
      lists: preset.lists,
      keepsReasoning: preset.keepsReasoning ?? false,
      priceFactors: preset.priceFactors ?? {},
      spelling: preset.spelling ?? null,
      sdk: preset.sdk ?? null,
      urls: preset.urlVariable ? everyUrl(preset.urls, addressOf(address ?? '', preset)) : preset.urls,
      apiKey: variable ? keyOf(environment[variable] ?? '', variable) : null,
      keySource: variable ?? credentials ?? null,
    },
  ];
}

function fromFile(given: ProviderFile, environment: Environment): Provider {
  const preset = presetOf(given.preset ?? given.slug);
  const wrong = (what: string, next: string) =>
    new StateaiError('bad_config', `Provider "${given.slug}": ${what}`, next);
  if (given.preset && !preset)
    throw wrong(`no preset "${given.preset}"`, `There are ${PRESETS.map((p) => p.slug).join(', ')}.`);
  const fromPreset = preset && fromEnvironment(preset, environment)[0];
  const base = given.url?.replace(/\/+$/, '');
  const dialects: readonly Dialect[] = given.dialects ?? ['chat', 'completions', 'embeddings'];
  const presetDialects = preset ? (Object.keys(preset.urls) as Dialect[]) : dialects;
  const urls = {
    ...(base
      ? Object.fromEntries((given.dialects ?? presetDialects).map((d) => [d, base]))
      : (fromPreset?.urls ?? (preset?.urlVariable ? {} : preset?.urls))),
    ...given.urls,
  };
  const broken = Object.values(urls).find((url) => !URL.canParse(url));
  if (broken) throw wrong(`"${broken}" is no address`, 'Give `url` as http://host:port/v1.');
  const sdk = base || given.urls ? null : (preset?.sdk ?? null);
  if (Object.keys(urls).length === 0 && !sdk)
    throw wrong(
      'its address is unknown',
      preset?.urlVariable
        ? `Give \`url\` (up to and with ${preset.urlPath}), or set ${preset.urlVariable}.`
        : 'Give `url` (up to and with /v1), or `preset`.',
    );
  const apiKey =
    given.apiKey === undefined
      ? null
      : keyOf(expand(given.apiKey, environment, wrong), `\`apiKey\` of provider "${given.slug}"`);
  return {
    ...blank,
    slug: given.slug,
    preset: preset?.slug ?? null,
    keepsReasoning: preset?.keepsReasoning ?? false,
    priceFactors: preset?.priceFactors ?? {},
    name: given.name ?? preset?.name ?? given.slug,
    urls,
    sdk,
    apiKey: apiKey ?? fromPreset?.apiKey ?? null,
    keySource: apiKey ? 'file' : (fromPreset?.keySource ?? null),
    auth: given.auth ?? preset?.auth ?? 'bearer',
    headers: Object.fromEntries(
      Object.entries(given.headers ?? {}).map(([k, v]) => [k.toLowerCase(), expand(v, environment, wrong)]),
    ),
    authors: preset?.authors ?? [],
    spelling: preset?.spelling ?? null,
    lists: given.lists ?? (given.models ? false : (preset?.lists ?? true)),
    models: given.models ?? [],
    region: given.region ?? null,
    trainsOnData: given.trainsOnData ?? null,
    zdr: given.zdr ?? null,
  };
}

function expand(
  text: string,
  environment: Environment,
  wrong: (what: string, next: string) => StateaiError,
): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = environment[name];
    if (value) return value;
    throw wrong(`the environment variable ${name} is not set`, 'Set it, or write the value.');
  });
}

const everyUrl = (urls: Preset['urls'], base: string): Preset['urls'] =>
  Object.fromEntries(Object.keys(urls).map((d) => [d, base]));

/** A key as it can be sent: files and secret stores like to end it with a line break. */
function keyOf(text: string, where: string): string {
  const key = text.trim();
  if (/^[\x20-\x7e]*$/.test(key)) return key;
  throw new StateaiError(
    'bad_config',
    `${where} holds a character that no header can carry`,
    'Give the key alone, without line breaks.',
  );
}

/**
 * `localhost:11434`, `http://host/v1/` and `http://host/v1/chat/completions` alike become `http://host/v1`.
 * @throws `bad_config` where it is none
 */
function addressOf(address: string, { urlVariable, urlPath = '', urlPort }: Preset): string {
  const hasScheme = /^https?:\/\//.test(address);
  const text = hasScheme ? address : `http://${address}`;
  if (!URL.canParse(text))
    throw new StateaiError('bad_config', `${urlVariable} is no address`, 'Correct it, as http://host:port.');
  const url = new URL(text.replace('//0.0.0.0', '//127.0.0.1'));
  if (!hasScheme && urlPort && url.port === '' && !/:80\/?$/.test(address)) url.port = urlPort;
  // What stands behind the first part of the path is a path of one dialect, or of one deployment.
  const [first = ''] = urlPath.split('/').filter(Boolean);
  const parts = url.pathname.split('/').filter(Boolean);
  const at = parts.indexOf(first);
  const before = (at < 0 ? parts : parts.slice(0, at)).map((part) => `/${part}`).join('');
  return `${url.origin}${before}${urlPath}`;
}
