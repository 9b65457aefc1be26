import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig, resolveConfig } from './config.ts';
import { PRESETS } from './presets.ts';

test('without a file and without keys the sandbox answers', () => {
  const config = resolveConfig({}, {});
  expect(config.providers).toEqual([]);
  expect(config.sandbox).toBe(true);
});

test('keys in the environment are found', () => {
  const { providers, sandbox } = resolveConfig(
    {},
    {
      OPENAI_API_KEY: 'a',
      GEMINI_API_KEY: 'b',
      OLLAMA_HOST: '0.0.0.0:11434',
      VLLM_BASE_URL: 'http://gpu:8000/v1/',
    },
  );
  expect(providers.map((p) => [p.slug, p.apiKey, p.urls.chat, p.keySource])).toEqual([
    ['openai', 'a', 'https://api.openai.com/v1', 'OPENAI_API_KEY'],
    ['google-ai-studio', 'b', 'https://generativelanguage.googleapis.com/v1beta/openai', 'GEMINI_API_KEY'],
    ['ollama', null, 'http://127.0.0.1:11434/v1', null],
    ['vllm', null, 'http://gpu:8000/v1', null],
  ]);
  expect(sandbox).toBe(false);
});

test('the file wins over the environment', () => {
  const { providers } = resolveConfig(
    { providers: [{ slug: 'openai', url: 'http://127.0.0.1:9/v1', apiKey: '${MINE}' }] },
    { OPENAI_API_KEY: 'a', MINE: 'b' },
  );
  expect(providers).toHaveLength(1);
  expect(providers[0]).toMatchObject({ apiKey: 'b', keySource: 'file', authors: ['openai'] });
  expect(providers[0]?.urls).toMatchObject({
    chat: 'http://127.0.0.1:9/v1',
    responses: 'http://127.0.0.1:9/v1',
  });
});

test('a provider may speak several dialects at several addresses', () => {
  const [provider] = resolveConfig(
    { providers: [{ slug: 'mine', urls: { chat: 'http://a/v1', messages: 'http://a/anthropic/v1' } }] },
    {},
  ).providers;
  expect(provider?.urls).toEqual({ chat: 'http://a/v1', messages: 'http://a/anthropic/v1' });
});

test.each([
  ['providers: [{ slug: mine }]', /address is unknown/],
  ['providers: [{ slug: openai, apiKey: "${NOWHERE}" }]', /NOWHERE is not set/],
  ['providers: [{ slug: openai, apiKeys: x }]', /apiKeys/],
  ['providers: [{ slug: mine, url: "http://h/v1", key: x }]', /providers\.0\.key is not known/],
  ['providers: [{ slug: mine, url: "http://h/v1", auth: basic }]', /auth must be one of bearer, x-api-key/],
  ['providers: [{ slug: mine, url: "http://" }]', /no address/],
  ['timeouts: { totalMs: 3000000000 }', /timeouts\.totalMs must be <= 2147483647/],
  ['timeouts: { firstByteMs: soon }', /timeouts\.firstByteMs/],
  ['providers: [{ slug: x, preset: nobody }]', /no preset "nobody"/],
  ['providers: [{ slug: openai }, { slug: openai }]', /twice/],
  ['a: [', /Flow sequence/],
])('says what is wrong with %s', (text, message) => {
  const directory = mkdtempSync(join(tmpdir(), 'stateai-config-'));
  const path = join(directory, 'gateway.yaml');
  writeFileSync(path, text);
  try {
    expect(() => readConfig(path, {})).toThrow(message);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a file that is named and not there is no empty one', () => {
  const path = join(tmpdir(), 'nowhere', 'gateway.yaml');
  expect(() => readConfig(path, { STATEAI_CONFIG: path })).toThrow(/is not there/);
  expect(readConfig(path, {}).sandbox).toBe(true);
});

test('every preset has an address, an SDK or a variable with the address', () => {
  for (const preset of PRESETS)
    expect(
      Object.values(preset.urls).some((u) => u !== '') || preset.sdk || preset.urlVariable,
      preset.slug,
    ).toBeTruthy();
  expect(new Set(PRESETS.map((p) => p.slug)).size).toBe(PRESETS.length);
});

test.each([
  ['OLLAMA_HOST', '0.0.0.0', 'http://127.0.0.1:11434/v1'],
  ['OLLAMA_HOST', 'http://gpu', 'http://gpu/v1'],
  ['VLLM_BASE_URL', 'http://h:8000/v1/chat/completions', 'http://h:8000/v1'],
  ['LLAMA_CPP_BASE_URL', 'h:8080/behind/v1/', 'http://h:8080/behind/v1'],
  [
    'AZURE_OPENAI_ENDPOINT',
    'https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=1',
    'https://x.openai.azure.com/openai/v1',
  ],
])('%s=%s leads to %s', (name, value, chat) => {
  const { providers } = resolveConfig({}, { [name]: value, AZURE_API_KEY: 'k' });
  expect(providers[0]?.urls.chat).toBe(chat);
});

test('keys lose their line breaks, and are refused by the name of their variable where no header can carry them', () => {
  expect(resolveConfig({}, { OPENAI_API_KEY: ' sk-1\n' }).providers[0]?.apiKey).toBe('sk-1');
  for (const key of ['sk-1\nsk-2', 'sk-\u2026']) {
    const read = () => resolveConfig({}, { OPENAI_API_KEY: key });
    expect(read).toThrow(/^OPENAI_API_KEY holds a character/);
    expect(read).not.toThrow(/sk-/);
  }
  expect(() => resolveConfig({}, { AZURE_OPENAI_ENDPOINT: 'no address', AZURE_API_KEY: 'k' })).toThrow(
    /^AZURE_OPENAI_ENDPOINT is no address/,
  );
  const azure = () => resolveConfig({ providers: [{ slug: 'azure' }] }, {});
  expect(azure).toThrow(expect.objectContaining({ next: expect.stringMatching(/AZURE_OPENAI_ENDPOINT/) }));
});
