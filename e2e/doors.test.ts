/** The page of doors in a real browser, before the real server: what came in, what was refused, how to connect more. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDoorLog } from '../src/ingest/door-log.ts';
import { ensureBuilt, launch, openPage, type WatchedPage } from './fixtures/browser.ts';
import { type DoorsWorld, startDoorsWorld } from './fixtures/doors-world.ts';
import { overflow, PHONE } from './fixtures/world.ts';

let browser: Browser;
let world: DoorsWorld;
let opened: WatchedPage[] = [];
beforeAll(async () => {
  await ensureBuilt();
  [browser, world] = await Promise.all([launch(), startDoorsWorld()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
afterEach(async () => {
  for (const each of opened) await each.close();
  opened = [];
});

async function open(query = '', options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const watched = await openPage(browser, `${world.url}doors${query}`, {
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  opened.push(watched);
  await watched.page.locator('table').waitFor();
  return watched;
}

describe('the doors', () => {
  it('say at a glance how each source does, what needs a look first', async () => {
    const { page, complaints } = await open();
    const rows = page.locator('tbody');
    const texts = await rows.allTextContents();
    const names = ['Codex CLI', 'OpenRouter rankings', 'Claude Code', 'OpenTelemetry', 'OpenRouter activity'];
    expect(texts.map((text) => names.find((name) => text.includes(name)))).toEqual(names);
    expect(texts[0]).toContain('Trouble');
    expect(texts[1]).toContain('Stopped');
    expect(texts[3]).toMatch(/184,223.*31 of 32/);
    expect(texts[4]).toMatch(/3 days ago.*134/);
    expect(complaints).toEqual([]);
  });

  it('unfold into reasons, watches and what the data can show', async () => {
    const { page } = await open();
    const details = (name: string) => page.getByRole('button', { name: `Details of ${name}` });
    await details('OpenRouter activity').click();
    expect(await details('OpenRouter activity').getAttribute('aria-expanded')).toBe('true');
    await page.getByText('promptTokens: expected a whole number that is not negative').waitFor();
    await page.getByText('lx3k2a-0f3c.ndjson').waitFor();
    await page
      .locator('tbody')
      .getByText(/^16 of 32 exhibits: F1, /)
      .waitFor();
    await details('Codex CLI').click();
    await page.getByText('the directory is gone').waitFor();
    await details('Claude Code').click();
    await page.getByText('last brought 12 records 3 hours ago').waitFor();
  });

  it('tell how to connect those not used yet, with commands to copy and a guide that is there', async () => {
    const { page } = await open();
    const card = page.locator('details').filter({ hasText: 'Requests that go through this server' });
    await card.locator('summary').click();
    expect(await card.locator('pre').textContent()).toBe(`${world.url}api/v1`);
    await card.getByRole('button', { name: /^Copy/ }).click();
    await card.getByText('Copied').waitFor();
    const guide = await card.getByRole('link', { name: 'Guide to Gateway' }).getAttribute('href');
    const response = await page.request.get(guide ?? '');
    expect(response.status()).toBe(200);
    expect(await response.text()).toContain('# ');
    expect((await page.request.get(`${world.url}guides/..%2F..%2Fpackage.json`)).status()).toBe(404);
  });

  it('show what comes in while one looks, without a reload', async () => {
    const { page } = await open();
    const log = openDoorLog(world.layout);
    log.note('http', { accepted: 7, newest: Date.now() });
    await log.flush();
    await page.getByRole('button', { name: 'Details of HTTP' }).waitFor();
  });

  it('say when their numbers are old, and stop saying it', async () => {
    const { page } = await open();
    await page.route('**/stats/**', (route) => route.abort());
    await page.getByText('The server does not answer').waitFor({ timeout: 20_000 });
    await page.unroute('**/stats/**');
    await page.getByText('The server does not answer').waitFor({ state: 'detached' });
  });

  it('are reached from the report, and lead back to it in the same language', async () => {
    const { page } = await open('?lang=zh');
    await page.getByRole('heading', { name: '数据入口', level: 1 }).waitFor();
    expect(await page.title()).toBe('StateAI · 数据入口');
    await page.getByRole('link', { name: '前往报告', exact: true }).click();
    await page.waitForURL(`${world.url}?lang=zh`);
    await page.getByRole('link', { name: '数据入口' }).click();
    await page.locator('table').waitFor();
    expect(page.url()).toContain('/doors');
  });

  it.each([
    ['a phone', { ...PHONE }],
    ['a phone in Chinese and the dark', { ...PHONE, colorScheme: 'dark' as const, locale: 'zh-CN' }],
  ])('fit %s', async (_name, options) => {
    const { page, complaints } = await open('', options);
    for (const row of await page.locator('tbody button[aria-expanded]').all()) await row.click();
    for (const card of await page.locator('summary').all()) await card.click();
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
  });
});
