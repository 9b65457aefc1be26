/** What a reader does with an exhibit once it is found: links to it, copies its picture, looks at one series alone. */
import { describe, expect, it } from 'vitest';
import { card, openWorld } from './fixtures/world.ts';

const world = openWorld();
const { open } = world;
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

describe('an exhibit', () => {
  it('gives a link that shows it as it is seen, and its picture', async () => {
    const { page, complaints } = await open('?grain=month&where=open=open', CLIPBOARD);
    const f2 = card(page, 'F2');
    await f2.locator('[role=img] svg').waitFor();
    await f2.getByRole('button', { name: /^Copy a link to “Tokens by model type”/ }).click();
    await f2.getByText('Link copied').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toBe(`${world.fixture.url}?grain=month&where=open%3Dopen&dataset=live#F2`);
    await f2.getByRole('button', { name: /^Copy the picture/ }).click();
    await f2.getByText('Picture copied').waitFor();
    const width = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      return (await createImageBitmap((await item?.getType('image/png')) as Blob)).width;
    });
    expect(width).toBe(2 * 960);
    const saved = page.waitForEvent('download');
    await f2.getByRole('button', { name: 'Download PNG: Tokens by model type' }).click();
    expect((await saved).suggestedFilename()).toBe('F2-live.png');
    expect(complaints).toEqual([]);
  });

  it('shows one series alone, and all again', async () => {
    const { page } = await open('#F3');
    const legend = card(page, 'F3')
      .getByRole('list', { name: /^Series/ })
      .locator('[aria-pressed]');
    const shown = () => legend.evaluateAll((all) => all.filter((each) => each.ariaPressed === 'true').length);
    await legend.nth(2).dblclick();
    expect(await shown()).toBe(1);
    expect(await legend.nth(2).getAttribute('aria-pressed')).toBe('true');
    await card(page, 'F3').getByRole('button', { name: 'Show all', exact: true }).click();
    expect(await shown()).toBe(await legend.count());
    await legend.nth(1).focus();
    await page.keyboard.press('Shift+Enter');
    expect(await shown()).toBe(1);
  });

  it('stays where the address leads while others above it grow', async () => {
    const { page } = await open('#F14');
    await card(page, 'F14').locator('[role=img] svg').waitFor();
    const top = async () => Math.round((await card(page, 'F14').boundingBox())?.y ?? -1);
    await expect.poll(top).toBeGreaterThan(56);
    const before = await top();
    const grow = (by: string) =>
      page.evaluate((margin) => {
        const first = document.querySelector('article');
        if (first) first.style.marginBottom = margin;
      }, by);
    await grow('900px');
    await expect.poll(top).toBe(before);
    // Not once the reader has gone elsewhere.
    await page.evaluate(() => window.scrollTo(0, 0));
    await expect.poll(top).toBeGreaterThan(900);
    await grow('1200px');
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
  });
});

it('controls stay in sight, and one press has the whole dataset again', async () => {
  const { page } = await open('?where=open=open&from=2025-01-06&grain=month#F14');
  const reset = page.getByRole('button', { name: 'Reset', exact: true });
  await card(page, 'F14').locator('[role=img] svg').waitFor();
  expect((await reset.boundingBox())?.y).toBeLessThan(150);
  await reset.click();
  await page.waitForURL((url) => url.search === '?grain=month');
  await reset.waitFor({ state: 'detached' });
});

it('a server on this machine is asked without a network too', async () => {
  const { page } = await open();
  await card(page, 'F1').locator('[role=img] svg').waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await card(page, 'F14').scrollIntoViewIfNeeded();
  await card(page, 'F14').locator('[role=img] svg').waitFor();
});

it('a press shows no ring around a tab, a key does', async () => {
  const { page } = await open();
  const ring = (name: string) =>
    card(page, 'F1')
      .getByRole('tab', { name })
      .evaluate((each) => getComputedStyle(each).outlineStyle);
  await card(page, 'F1').getByRole('tab', { name: 'Table' }).click();
  expect(await ring('Table')).toBe('none');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => ring('Chart')).toBe('solid');
});
