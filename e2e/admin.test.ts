/** The admin page in a real browser, before the real server: what an operator does with it, and what clients then get. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureBuilt, launch, openPage, type WatchedPage } from './fixtures/browser.ts';
import {
  type GatewayWorld,
  PRICED,
  PRICED_TOKENS,
  SECRET,
  startGatewayWorld,
} from './fixtures/gateway-world.ts';
import { overflow, PHONE } from './fixtures/world.ts';

let browser: Browser;
let world: GatewayWorld;
/** What a browser keeps that has logged in. */
let session: BrowserContextOptions['storageState'];
let opened: WatchedPage[] = [];
beforeAll(async () => {
  await ensureBuilt();
  [browser, world] = await Promise.all([launch(), startGatewayWorld()]);
  session = await logIn();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
afterEach(async () => {
  for (const each of opened) await each.close();
  opened = [];
});

const SECTIONS = ['traffic', 'providers', 'models', 'accounts', 'keys', 'usage'];
const SANDBOX = 'stateai/sandbox';

/** The page of somebody who has not logged in. */
async function visit(query = '', options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const watched = await openPage(browser, `${world.url}admin${query}`, {
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  opened.push(watched);
  return watched;
}

async function open(query = '', options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const watched = await visit(query, { storageState: session, ...options });
  await watched.page.getByRole('heading', { level: 1 }).waitFor();
  return watched;
}
async function logIn(): Promise<BrowserContextOptions['storageState']> {
  const context = await browser.newContext();
  await context.request.post(`${world.url}stats/v1/admin/login`, { data: { secret: SECRET } });
  const state = await context.storageState();
  await context.close();
  return state;
}

const go = (page: Page, section: string) =>
  page.getByRole('navigation').getByRole('link', { name: section, exact: true }).click();
/** A part of the page with what it has to show. */
async function shown(page: Page, section: string): Promise<void> {
  await page.waitForURL((url) => (url.searchParams.get('section') ?? 'traffic') === section);
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
}
/** The card of a key or an account. */
const row = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });

/** Makes a key by the form; answers its secret, read from where it is shown once. */
async function createKey(
  page: Page,
  name: string,
  fill: (dialog: ReturnType<Page['getByRole']>) => Promise<void>,
) {
  await page.getByRole('button', { name: 'New key' }).click();
  const form = page.getByRole('dialog', { name: 'New key' });
  await form.getByLabel('Name').fill(name);
  await fill(form);
  await form.getByRole('button', { name: 'Create' }).click();
  const made = page.getByRole('dialog', { name: `The key “${name}”` });
  await made.getByText('it is not kept and cannot be shown again').waitFor();
  const [secret = '', example = ''] = await made.locator('pre').allTextContents();
  expect(secret).toMatch(/^sk-sa-v1-[0-9a-f]{64}$/);
  expect(example).toContain(`Bearer ${secret}`);
  // Neither Escape nor a click beside it loses the secret.
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await made.getByRole('button', { name: 'I have stored it' }).click();
  await made.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(secret);
  return secret;
}

describe('logging in', () => {
  it('takes the admin secret and nothing else; logging out forgets what was seen', async () => {
    const { page } = await visit();
    await page.getByLabel('Admin secret').fill('guessed');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('This is not the admin secret.').waitFor();
    await page.getByLabel('Admin secret').fill(SECRET);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Traffic', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Admin secret').waitFor();
    expect((await page.request.get(`${world.url}stats/v1/admin/keys`)).status()).toBe(401);
  });

  it('is asked for again when the session is over', async () => {
    const { page } = await open('?section=keys');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name').fill('too late');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByLabel('Admin secret').waitFor();
  });
});

describe('an operator', () => {
  it('reads what to do first, then sees requests as they finish, and can hold them still', async () => {
    const { page, complaints } = await open();
    await page.getByRole('heading', { name: 'No request yet' }).waitFor();
    expect(await page.locator('pre').textContent()).toContain('Bearer YOUR_KEY');
    await go(page, 'Keys');
    await page.getByText('Without a key no request is let in').waitFor();
    const secret = await createKey(page, 'Live', async () => undefined);
    await go(page, 'Traffic');
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await world.ask(secret, SANDBOX, { stream: true })).toBe(200);
    const table = page.getByRole('region', { name: 'Finished requests' });
    const rows = table.locator('tbody tr');
    await rows.first().getByText('streamed').waitFor();
    expect(await rows.first().textContent()).toContain(`${SANDBOX}200StateAI`);
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await world.ask(secret, SANDBOX)).toBe(200);
    await page.getByText('Paused, 1 new').waitFor();
    expect(await rows.count()).toBe(1);
    await page.getByRole('button', { name: 'Resume' }).click();
    await rows.nth(1).waitFor();
    await page.locator('dt', { hasText: 'Records lost' }).locator('+ dd', { hasText: '0' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('limits a key: what does not fit is refused with 402 and seen, until the limit is raised', async () => {
    const { page, complaints } = await open('?section=keys');
    const secret = await createKey(page, 'Limited', async (form) => {
      await form.getByLabel('Day').fill(String(PRICED_TOKENS / 100));
      await form.getByLabel('Models').fill(`acme/*\n${SANDBOX}`);
    });
    const ask = () => world.ask(secret, PRICED, { max_tokens: PRICED_TOKENS });
    expect(await ask()).toBe(200);
    expect(await ask()).toBe(402);
    await go(page, 'Traffic');
    const first = page.getByRole('region', { name: 'Finished requests' }).locator('tbody tr').first();
    await first.getByText('402 limit reached').waitFor();
    await go(page, 'Keys');
    const key = row(page, 'Limited');
    await key.getByText('limit reached').waitFor();
    await key.getByRole('progressbar', { name: '$0.05 of $0.05 a day' }).waitFor();
    await key.getByRole('button', { name: 'Edit the key Limited' }).click();
    await page.getByRole('dialog').getByLabel('Day').fill('1');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await key.getByText('$0.05 of $1.00 a day').waitFor();
    await key.getByText('Models: acme/*, stateai/sandbox').waitFor();
    expect(await ask()).toBe(200);
    await go(page, 'Usage');
    await page.getByRole('radio', { name: 'Key', exact: true }).click();
    await page.getByRole('region', { name: 'Usage by Key' }).getByText('Limited (sk-sa-v1-').waitFor();
    expect(complaints).toEqual([]);
  });

  it('waits for the secret of a new key whatever is pressed meanwhile, and makes none that has expired', async () => {
    const { page } = await open('?section=keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const form = page.getByRole('dialog', { name: 'New key' });
    await form.getByLabel('Name').fill('Slow');
    await form.getByLabel('Expires').fill('2020-01-01T00:00');
    await page.keyboard.press('Enter');
    await form.locator('input:invalid').waitFor();
    await form.getByLabel('Expires').fill('');
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/admin/keys', async (route) => {
      if (route.request().method() === 'POST') await answered;
      await route.continue();
    });
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByRole('button', { name: 'Saving …' }).waitFor();
    await page.keyboard.press('Escape');
    await form.getByRole('button', { name: 'Close' }).click();
    await page.mouse.click(5, 5);
    answer();
    const made = page.getByRole('dialog', { name: 'The key “Slow”' });
    expect(await made.locator('pre').first().textContent()).toMatch(/^sk-sa-v1-/);
    await made.getByRole('button', { name: 'I have stored it' }).click();
  });

  it('disables a key, enables it, deletes it after being asked: clients get 401 at once', async () => {
    const { page, complaints } = await open('?section=keys');
    const secret = await createKey(page, 'Doomed', async () => undefined);
    const key = row(page, 'Doomed');
    await key.getByRole('button', { name: 'Disable the key Doomed' }).click();
    await key.getByText('disabled', { exact: true }).waitFor();
    expect(await world.ask(secret, SANDBOX)).toBe(401);
    await key.getByRole('button', { name: 'Enable the key Doomed' }).click();
    await key.getByRole('button', { name: 'Disable the key Doomed' }).waitFor();
    expect(await world.ask(secret, SANDBOX)).toBe(200);
    await key.getByRole('button', { name: 'Delete the key Doomed' }).click();
    const question = page.getByRole('alertdialog', { name: 'Delete Doomed?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await key.getByRole('button', { name: 'Delete the key Doomed' }).click();
    await question.getByRole('button', { name: 'Delete' }).click();
    await key.waitFor({ state: 'detached' });
    expect(await world.ask(secret, SANDBOX)).toBe(401);
    expect(complaints).toEqual([]);
  });

  it('keeps accounts with a country, credits and keys at providers, and reads what the server refuses', async () => {
    const { page } = await open('?section=accounts');
    await page.getByRole('button', { name: 'New account' }).click();
    const form = page.getByRole('dialog', { name: 'New account' });
    await form.getByLabel('Name').fill('local');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByRole('alert').getByText('There is an account named local already').waitFor();
    await form.getByLabel('Name').fill('Research');
    await form.getByLabel('Billing country').selectOption('DE');
    await form.getByLabel('Apps').fill('Assistant');
    await form.getByLabel('Credits in USD').fill('20');
    await form.getByRole('button', { name: 'Create' }).click();
    const account = row(page, 'Research');
    await account.getByText('Germany').waitFor();
    await account.getByText('$0.00 of $20.00 credits used').waitFor();
    await account.getByRole('button', { name: 'Add credits to Research' }).click();
    await page.getByLabel('Amount in USD').fill('5');
    await page.getByRole('dialog').getByRole('button', { name: 'Add credits' }).click();
    await account.getByText('$0.00 of $25.00 credits used').waitFor();

    await account.getByRole('button', { name: 'Provider keys of Research' }).click();
    const keys = page.getByRole('dialog', { name: 'Provider keys of Research' });
    await keys.getByLabel('Provider').fill('openai');
    await keys.getByLabel('Key', { exact: true }).fill('sk-proj-value-never-shown');
    await keys.getByRole('button', { name: 'Save the key' }).click();
    await keys.getByRole('listitem').filter({ hasText: 'openai' }).waitFor();
    expect(await page.content()).not.toContain('value-never');
    await keys.getByRole('button', { name: 'Remove the key at openai' }).click();
    await keys.getByText('None yet.').waitFor();
    await keys.getByRole('button', { name: 'Close' }).click();

    await account.getByRole('button', { name: 'Delete the account Research' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await account.waitFor({ state: 'detached' });
  });

  it('sees where provider keys came from, why a list failed, and health that is unknown as unknown', async () => {
    const { page, complaints } = await open('?section=providers');
    const acme = row(page, 'Acme');
    await acme.getByText('Key from the configuration file').waitFor();
    await row(page, 'Nowhere')
      .getByText(/The list of models could not be read: .*ECONNREFUSED/)
      .waitFor();
    const endpoints = page.getByRole('table', { name: 'Endpoints' });
    const untouched = endpoints.getByRole('row', { name: /sandbox-slow/ });
    expect(await untouched.textContent()).toMatch(/ready0(unknown){4}$/);
    await page.getByRole('button', { name: 'Read the configuration again' }).click();
    await page.getByText('The configuration was read.').waitFor();
    expect(await page.content()).not.toContain('acme-key');
    await go(page, 'Models');
    await page.getByRole('button', { name: PRICED, exact: true }).click();
    const of = page.getByRole('table', { name: `Endpoints of ${PRICED}` });
    await of.getByText('$10K').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('readers', () => {
  it('read it in Chinese, and see it whole on a phone', async () => {
    const { page, complaints } = await open('?lang=zh', PHONE);
    for (const [i, section] of SECTIONS.entries()) {
      await page.getByRole('navigation').getByRole('listitem').nth(i).getByRole('link').click();
      await shown(page, section);
      expect(await overflow(page), section).toBeLessThanOrEqual(0);
      const words = (await page.locator('main').textContent()) ?? '';
      expect(words.replaceAll(/“local”|Live|Limited|StateAI|Acme|Nowhere/g, ''), section).not.toMatch(
        /\b(unknown|Cost|Key|Model|Provider|Edit|limit|ready|created)\b/,
      );
    }
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans');
    expect(complaints).toEqual([]);
  });

  it('find headings in order, a name on every control, and their place again after a dialog', async () => {
    const { page, complaints } = await open();
    for (const [i, section] of SECTIONS.entries()) {
      await page.getByRole('navigation').getByRole('listitem').nth(i).getByRole('link').click();
      await shown(page, section);
      const levels = await page
        .locator('h1, h2, h3')
        .evaluateAll((all) => all.map((each) => Number(each.tagName[1])));
      expect(levels[0]).toBe(1);
      for (let i = 1; i < levels.length; i++)
        expect((levels[i] ?? 9) - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
      expect(await page.locator('[aria-current=page]').count(), section).toBe(1);
      const nameless = await page.locator('button, a[href], input, select, textarea').evaluateAll((all) =>
        all
          .filter((each) => {
            const input = each as HTMLInputElement;
            return !(each.getAttribute('aria-label') || each.textContent?.trim() || input.labels?.length);
          })
          .map((each) => each.outerHTML.slice(0, 120)),
      );
      expect(nameless, section).toEqual([]);
    }
    await go(page, 'Keys');
    const button = page.getByRole('button', { name: 'New key' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').waitFor();
    await page.waitForFunction(() => (document.activeElement as HTMLInputElement).name === 'name');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await vi.waitFor(
      async () => expect(await button.evaluate((each) => each === document.activeElement)).toBe(true),
      { timeout: 10_000 },
    );
    expect(complaints).toEqual([]);
  });

  it('are told what to do where the server does not hand out a part of the page', async () => {
    const { page } = await open();
    await page.route('**/assets/**', (route) => route.abort());
    await page.getByRole('link', { name: 'Doors', exact: true }).click();
    await page.getByRole('alert').getByText('could not be shown').waitFor();
    await page.unroute('**/assets/**');
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await page.getByRole('heading', { name: 'Doors', level: 1 }).waitFor();
  });

  it('come from the report and go back to it, and the report does not load what only admins need', async () => {
    const { page } = await open();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(world.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(loaded.filter((path) => /\/assets\/page-/.test(path))).toEqual([]);
    await page.getByRole('banner').getByRole('link', { name: 'Gateway' }).click();
    await page.getByRole('heading', { name: 'Traffic', level: 1 }).waitFor();
    expect(loaded.filter((path) => /\/assets\/page-/.test(path))).toHaveLength(1);
    await page.getByRole('link', { name: 'To the report', exact: true }).click();
    await page.waitForURL(world.url);
  });
});
