/** Compositions, scatters, cohorts, panels and filters in a real browser, over a made-up world. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { MODEL_DOTS } from './fixtures/kinds.ts';
import { card, openWorld, overflow, PHONE } from './fixtures/world.ts';

const { open } = openWorld();

/** Moves the pointer over a chart until something is told about a place in it. */
async function pointAt(page: Page, id: string, text: string | RegExp): Promise<void> {
  const chart = card(page, id).getByRole('img').first();
  await chart.locator('svg text').first().waitFor();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (!box) throw new Error(`${id} has no chart`);
  for (let x = 0.1; x < 1; x += 0.04)
    for (const y of [0.3, 0.5, 0.7]) {
      await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
      if (await chart.locator('div').getByText(text).first().isVisible()) return;
    }
  throw new Error(`${id} never told ${text}`);
}

describe('each kind of chart', () => {
  it('shows what categories are made of, their parts named inside and told under the pointer', async () => {
    const { page, complaints } = await open('#F21');
    const chart = card(page, 'F21').getByRole('img').first();
    await chart.getByText('58.4%', { exact: false }).first().waitFor();
    await pointAt(page, 'F21', 'labelled generations');
    expect(await card(page, 'F21').locator('[aria-label*=Series]').count()).toBe(0);
    await card(page, 'F21').getByRole('tab', { name: 'Table' }).click();
    expect(await card(page, 'F21').locator('tbody th').first().textContent()).toBe('Roleplay');
    expect(complaints).toEqual([]);
  });

  it('draws a panel an author with one legend for all', async () => {
    const { page } = await open('#F22');
    await card(page, 'F22').locator('[data-panel] svg text').first().waitFor();
    expect(await card(page, 'F22').locator('[data-panel]').count()).toBe(6);
    expect(await card(page, 'F22').getByRole('heading', { level: 4 }).allTextContents()).toEqual([
      'Anthropic',
      'Google',
      'xAI',
      'OpenAI',
      'DeepSeek',
      'Qwen',
    ]);
    const paths = () => card(page, 'F22').locator('[data-panel=Qwen] svg path').count();
    const before = await paths();
    await card(page, 'F22').getByRole('button', { name: 'Roleplay' }).click();
    expect(await paths()).toBeLessThan(before);
    await card(page, 'F22').getByRole('tab', { name: 'Table' }).click();
    expect(await card(page, 'F22').locator('tbody th').first().textContent()).toBe('Anthropic');
  });

  it('names the dots of a scatter and tells price and use of each', async () => {
    const { page, complaints } = await open('#F27');
    const chart = card(page, 'F27').getByRole('img').first();
    await chart.getByText(/log₁₀ y = 10\.37 − 0\.06/).waitFor();
    await chart.getByText('median $0.71').waitFor();
    const names = new Set(MODEL_DOTS.map((each) => each.name));
    const written = (await chart.locator('svg text').allTextContents()).filter((text) => names.has(text));
    expect(written.length).toBeGreaterThan(30);
    await pointAt(page, 'F27', 'US dollars per 1M tokens');
    await card(page, 'F26').scrollIntoViewIfNeeded();
    await card(page, 'F26').getByText('premium workloads').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows the table of segments first', async () => {
    const { page } = await open('#T3');
    await card(page, 'T3').getByRole('table').first().waitFor();
    expect(await card(page, 'T3').getByRole('tab').allTextContents()).toEqual(['Table', 'SQL']);
    await card(page, 'T3').getByRole('cell', { name: '$34.97' }).waitFor();
  });

  it('puts the number of the dataset beside the published one', async () => {
    const { page } = await open();
    await card(page, 'F1').locator('summary').last().click();
    const row = card(page, 'F1').getByRole('row', { name: /Closed, mean/ });
    expect(await row.getByRole('cell').allTextContents()).toEqual(['≈ 70 %', '71.4 %']);
  });
});

describe('cohorts', () => {
  it('are those of the models that the reader picks, and only there', async () => {
    const { page, complaints } = await open('?lang=en#F25');
    await card(page, 'F25').getByRole('heading', { name: 'Claude Sonnet 4' }).waitFor();
    await pointAt(page, 'F25', /\d+ of \d+/);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await card(page, 'F25').getByRole('button', { name: 'Choose models' }).click();
    const field = page.getByRole('combobox', { name: 'Models' });
    await field.fill('mini');
    await page.getByRole('option', { name: /GPT-4o mini/ }).waitFor();
    await field.press('ArrowDown');
    await field.press('Enter');
    await field.fill('r1');
    await page.getByRole('option', { name: /DeepSeek R1/ }).click();
    await page.keyboard.press('Escape');
    await page.waitForURL(/cohorts=openai%2Fgpt-4o-mini&cohorts=deepseek%2Fdeepseek-r1/);
    await expect.poll(() => card(page, 'F25').locator('[data-panel]').count()).toBe(2);
    const exhibits = asked.filter((url) => /\/exhibits\//.test(url));
    const narrowed = exhibits.filter((url) => url.includes('where='));
    expect(narrowed.at(-1)).toContain('where=model%3Dopenai%2Fgpt-4o-mini');
    expect(narrowed.every((url) => url.includes('/exhibits/F25'))).toBe(true);
    expect(exhibits.join()).not.toContain('cohorts=');
    await page.reload();
    await card(page, 'F25').scrollIntoViewIfNeeded();
    await card(page, 'F25').getByRole('button', { name: 'Remove GPT-4o mini' }).click();
    await expect.poll(() => card(page, 'F25').locator('[data-panel]').count()).toBe(1);
    await card(page, 'F25').getByRole('button', { name: 'Back to the exhibit’s choice' }).click();
    await page.waitForURL((url) => !url.search.includes('cohorts'));
    expect(complaints).toEqual([]);
  });
});

describe('filters', () => {
  it('suggest the names that occur, by keyboard alone', async () => {
    const { page, complaints } = await open();
    await card(page, 'F1').locator('[role=img] svg').waitFor();
    await page.getByRole('button', { name: 'Add filter' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Narrow by').focus();
    await page.keyboard.press('Tab');
    const field = page.getByRole('combobox', { name: 'Value' });
    expect(await field.evaluate((each) => each === document.activeElement)).toBe(true);
    await page.keyboard.type('deep');
    const option = page.getByRole('option', { name: /DeepSeek/ });
    await option.waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await field.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
    await page.keyboard.press('Enter');
    await page.waitForURL(/where=author%3Ddeepseek/);
    await page.getByRole('button', { name: 'Remove filter Author: DeepSeek' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('take a name that does not occur, and offer all values of keys that have few', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Add filter' }).click();
    await page.getByLabel('Narrow by').selectOption('app');
    await page.getByRole('combobox', { name: 'Value' }).fill('my own app');
    await page.getByText('Nothing by this name occurs').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/where=app%3Dmy\+own\+app/);
    await page.getByRole('button', { name: 'Add filter' }).click();
    await page.getByLabel('Narrow by').selectOption('region');
    await page.getByRole('button', { name: 'North America' }).click();
    await page.waitForURL(/where=region%3Dnorth-america/);
  });

  it('are named in the reader’s language', async () => {
    const { page } = await open('?lang=zh&where=region=asia&where=country=DE&where=author=anthropic');
    await page.getByRole('button', { name: '移除筛选 世界地区: 亚洲' }).waitFor();
    await page.getByRole('button', { name: '移除筛选 国家/地区: 德国 (DE)' }).waitFor();
    await page.getByRole('button', { name: '移除筛选 作者: Anthropic' }).waitFor();
  });
});

it('the contents mark what is being read, whatever the order of the exhibits is', async () => {
  const { page } = await open('#F27');
  await card(page, 'F27').getByRole('img').first().locator('svg text').first().waitFor();
  const marked = page.getByRole('navigation', { name: 'Contents' }).locator('[aria-current]');
  await expect.poll(() => marked.getAttribute('href')).toBe('#F27');
});

it('a simulated world says how it was calibrated on the page and on every card, and what comes next', async () => {
  const { page } = await open('?dataset=world');
  await page.getByText('Simulated, calibrated to the study’s published figures: ').waitFor();
  await card(page, 'F1').getByText('Simulated, calibrated to the study’s published figures').waitFor();
  await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
  // Not into the simulated world, which takes in no real records.
  const connect = page.getByRole('link', { name: 'connect a source', exact: true });
  expect(await connect.getAttribute('href')).toBe('./doors');
  expect(await page.getByRole('link', { name: 'send traffic through the gateway' }).count()).toBe(1);
});

for (const lang of ['en', 'zh'])
  it(`everything of the new kinds fits on a phone (${lang})`, async () => {
    const { page, complaints } = await open(
      `?lang=${lang}&dataset=world&cohorts=a/very-long-model-name-of-somebody`,
      PHONE,
    );
    for (const id of ['F21', 'F22', 'F25', 'F26', 'F27', 'T3', 'F29']) {
      await card(page, id).scrollIntoViewIfNeeded();
      await card(page, id).locator('[role=img] svg text, tbody td').first().waitFor();
      expect(await overflow(page), id).toBeLessThanOrEqual(0);
    }
    if (lang === 'zh') {
      await card(page, 'F25').getByText('首次使用后的月数').first().waitFor();
      await card(page, 'F27').getByText('中位数 $0.71').waitFor();
    }
    expect(complaints).toEqual([]);
  });
