/** The report page in a real browser, over a made-up world. */
import { describe, expect, it } from 'vitest';
import { PLANS } from './fixtures/exhibits.ts';
import { pdfPages } from './fixtures/pdf.ts';
import { fixtureWorld, startFixture } from './fixtures/server.ts';
import { card, openWorld, overflow, PHONE, scrollThrough } from './fixtures/world.ts';

const world = openWorld();
const { open } = world;

describe('the report', () => {
  it('shows every exhibit with its chart, and has nothing to complain about', async () => {
    const { page, complaints } = await open();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await scrollThrough(page);
    const label = await card(page, 'F1').getByRole('img').first().getAttribute('aria-label');
    expect(label).toContain('Closed models fell from 91.2%');
    expect(await page.locator('article').count()).toBe(PLANS.length);
    expect(await page.locator('dd').first().textContent()).toBe('114.8T');
    expect(complaints).toEqual([]);
  });

  it('draws no chart before it is near, and keeps its room', async () => {
    const { page } = await open();
    await card(page, 'F1').locator('[role=img] svg').waitFor();
    expect(await card(page, 'F14').locator('[role=img]').count()).toBe(0);
    expect((await card(page, 'F14').boundingBox())?.height).toBeGreaterThan(500);
  });

  it('tells every series of a period under the pointer', async () => {
    const { page } = await open('#F3');
    const chart = card(page, 'F3').getByRole('img').first();
    await chart.locator('svg text').first().waitFor();
    await chart.hover();
    await chart.getByText('Mistral Small 3.2 24B').waitFor();
    expect(await chart.getByText(/^\d+\.\d%$/).count()).toBeGreaterThanOrEqual(16);
  });

  it('hides and shows a series from the legend', async () => {
    const { page } = await open();
    const button = card(page, 'F2').getByRole('button', { name: 'Closed' });
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    const picture = card(page, 'F2').getByRole('link', { name: 'Download SVG' });
    expect(await picture.getAttribute('href')).toContain('&hide=closed');
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    expect(await picture.getAttribute('href')).not.toContain('hide');
  });

  it('has a table, the SQL and downloads behind each chart', async () => {
    const { page, complaints } = await open();
    const t1 = card(page, 'T1');
    await t1.scrollIntoViewIfNeeded();
    await t1.getByRole('tab', { name: 'Table' }).click();
    const first = t1.locator('tbody tr').first().locator('th');
    expect(await first.textContent()).toBe('DeepSeek');
    await t1.getByRole('button', { name: 'Tokens' }).click();
    await t1.getByRole('button', { name: 'Tokens' }).click();
    expect(await first.textContent()).toBe('Google');
    expect(await t1.locator('th[aria-sort=ascending]').count()).toBe(1);
    await t1.getByRole('tab', { name: 'SQL' }).click();
    await t1.getByText('FROM traffic').waitFor();
    await t1.getByRole('button', { name: 'Copy the SQL' }).click();
    await t1.getByText('Copied').waitFor();
    for (const [name, type] of [
      ['CSV', 'text/csv'],
      ['SVG', 'image/svg+xml'],
    ] as const) {
      const href = await t1.getByRole('link', { name: `Download ${name}` }).getAttribute('href');
      const response = await page.request.get(href ?? '');
      expect(response.headers()['content-type']).toContain(type);
    }
    expect(complaints).toEqual([]);
  });
});

describe('the address', () => {
  it('holds the whole view and survives a reload', async () => {
    const { page } = await open();
    await page.getByRole('radio', { name: 'Month' }).click();
    await page.getByRole('button', { name: 'Add filter' }).click();
    await page.getByLabel('Narrow by').selectOption('size');
    await page.getByRole('button', { name: 'Small (< 15 B)' }).click();
    await page.getByRole('button', { name: /Time range/ }).click();
    await page.getByRole('button', { name: 'Last 12 weeks' }).click();
    await page.keyboard.press('Escape');
    const url = new URL(page.url());
    expect(Object.fromEntries(url.searchParams)).toEqual({
      grain: 'month',
      where: 'size=small',
      from: '2025-09-08',
    });
    await page.reload();
    await page.getByRole('button', { name: 'Remove filter Size: Small (< 15 B)' }).waitFor();
    expect(await page.getByRole('radio', { name: 'Month' }).getAttribute('aria-checked')).toBe('true');
    await page.getByRole('button', { name: 'Remove filter Size: Small (< 15 B)' }).click();
    await page.waitForURL((address) => !address.search.includes('where'));
  });

  it('leads to the exhibit that it names', async () => {
    const { page } = await open('?grain=week#F14');
    await card(page, 'F14').locator('[role=img] svg').waitFor();
    await page.waitForTimeout(900);
    const top = (await card(page, 'F14').boundingBox())?.y ?? -1;
    expect(top).toBeGreaterThan(0);
    expect(top).toBeLessThan(900);
  });

  it('is forgiven when it makes no sense', async () => {
    const { page, complaints } = await open(
      '?dataset=gone&grain=aeon&from=31.12.&to=2025-02-30&lang=tlh&where=%22&where=color=red#%E0%A4%A',
    );
    await card(page, 'F1').locator('[role=img] svg').waitFor();
    await page.getByText('There is no dataset “gone”').waitFor();
    expect(await page.getByRole('radio', { name: 'Week' }).getAttribute('aria-checked')).toBe('true');
    expect(complaints).toEqual([]);
  });

  it('is told what of it was left out, until something is chosen', async () => {
    const { page, complaints } = await open('?where=size=huge&where=size=small');
    const notice = page.getByText('Not understood in this address and left out: where=size=huge.');
    await notice.waitFor();
    await page.getByRole('radio', { name: 'Month' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('shows the refusal of the server with what to do next', async () => {
    const { page } = await open('?where=app=nobody');
    const alert = card(page, 'F1').getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('No app is called “nobody”.');
    expect(await alert.textContent()).toContain('Use an app that occurs.');
  });
});

describe('datasets', () => {
  it('change by the switch, and a simulated one says so everywhere', async () => {
    const { page } = await open();
    await page.getByRole('combobox', { name: 'Dataset' }).click();
    await page.getByRole('option', { name: /world/ }).click();
    await page.waitForURL(/dataset=world/);
    await page.getByText('This is a simulated world').waitFor();
    await card(page, 'F1').getByText('Simulated').waitFor();
  });

  it('that lack a field say what is lacking instead of an empty chart', async () => {
    const { page } = await open('?dataset=azure#F12');
    await card(page, 'F12').getByText('does not say why generations ended').waitFor();
    expect(await card(page, 'F12').locator('[role=img]').count()).toBe(0);
    const contents = page.getByRole('navigation', { name: 'Contents' });
    await contents.getByRole('link', { name: /^F12.*\(Not in this dataset\)$/ }).waitFor();
    expect(await contents.getByRole('link', { name: /Not in this dataset/ }).count()).toBe(1);
  });

  it('that are not there yet make room for a welcome with offers', async () => {
    world.fixture.world.datasets = [];
    const { page, complaints } = await open();
    await page.getByText('/home/ada/.claude/projects', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('1,234 records imported, 2 rejected').waitFor();
    world.fixture.world.datasets = fixtureWorld().datasets;
    await card(page, 'F1').locator('[role=img] svg').waitFor();
    expect(complaints).toEqual([]);
  });

  it('that change are read again without a reload', async () => {
    const { page } = await open();
    await card(page, 'F1').locator('[role=img] svg').waitFor();
    const again = page.waitForRequest(/\/exhibits\/F1\?/);
    world.fixture.announce('v2');
    await again;
  });
});

it('what could not be loaded comes by itself once the server is back', async () => {
  const { page } = await open();
  await card(page, 'F1').locator('[role=img] svg').waitFor();
  const { port } = new URL(world.fixture.url);
  await world.fixture.close();
  await card(page, 'F14').scrollIntoViewIfNeeded();
  await card(page, 'F14').getByText('The server does not answer.').waitFor();
  world.fixture = await startFixture(Number(port));
  await card(page, 'F14').locator('[role=img] svg').waitFor();
});

describe('readers', () => {
  it('read it in Chinese, numbers and dates included', async () => {
    const { page, complaints } = await open();
    await page.getByRole('radio', { name: '简体中文' }).click();
    await page.waitForURL(/lang=zh/);
    await card(page, 'F1').getByText('开源与闭源模型').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans');
    expect(await page.locator('dd').first().textContent()).toBe('114.8万亿');
    expect(await page.locator('#app').textContent()).not.toMatch(/Chart|Contents|Table|Week/);
    expect(complaints).toEqual([]);
  });

  it('get Chinese at once where the browser asks for it', async () => {
    const { page } = await open('', { locale: 'zh-CN' });
    await page.getByRole('heading', { level: 1, name: '语言模型的真实使用状况' }).waitFor();
  });

  it('reach everything by keyboard', async () => {
    const { page } = await open();
    await card(page, 'F1').locator('[role=img] svg').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the report');
    const seen = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      seen.add(
        await page.evaluate(
          () =>
            document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        ),
      );
    }
    for (const name of [
      'Dataset',
      'Time range: All time',
      'Add filter',
      'Chart',
      'Download CSV: Open and closed models',
    ])
      expect([...seen]).toContain(name);
    await card(page, 'F1').getByRole('tab', { name: 'Chart' }).focus();
    await page.keyboard.press('ArrowRight');
    await card(page, 'F1').getByRole('table').first().waitFor();
  });

  it('find headings in order and a name on every control', async () => {
    const { page } = await open();
    await scrollThrough(page);
    const levels = await page
      .locator('h1, h2, h3')
      .evaluateAll((all) => all.map((each) => Number(each.tagName[1])));
    expect(levels[0]).toBe(1);
    for (let i = 1; i < levels.length; i++)
      expect((levels[i] ?? 9) - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    const nameless = await page.locator('button, a[href], input, select').evaluateAll((all) =>
      all
        .filter((each) => {
          const input = each as HTMLInputElement;
          return !(each.getAttribute('aria-label') || each.textContent?.trim() || input.labels?.length);
        })
        .map((each) => each.outerHTML.slice(0, 120)),
    );
    expect(nameless).toEqual([]);
  });

  for (const lang of ['en', 'zh'])
    it(`see it whole on a phone (${lang})`, async () => {
      const { page, complaints } = await open(
        `?dataset=world&lang=${lang}&where=model=deepseek/deepseek-r1-0528-qwen3-8b`,
        PHONE,
      );
      await scrollThrough(page);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.getByRole('button', { name: lang === 'en' ? 'Contents' : '目录' }).click();
      await page.getByRole('dialog').getByRole('link', { name: /F14/ }).click();
      await page.waitForURL(/#F14$/);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    });

  it('choose the dark theme, and it stays', async () => {
    const { page } = await open();
    await page.getByRole('radio', { name: 'Dark' }).click();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});

describe('on paper', () => {
  it('are all exhibits, though none was scrolled to, each whole and with its source; no controls, and light', async () => {
    const { page, complaints } = await open('?dataset=world&where=open=open', { colorScheme: 'dark' });
    await card(page, 'F1').locator('[role=img] svg').waitFor();
    await page.evaluate(() => {
      window.print = () => document.body.classList.add('printed');
    });
    // The keys do what the button does.
    await page.getByRole('button', { name: 'Print' }).waitFor();
    await page.keyboard.press('Control+p');
    await page.locator('.printed').waitFor({ timeout: 30_000 });
    const theme = () => page.locator('html').getAttribute('data-theme');
    expect(await theme()).toBe('light');
    const pages = await pdfPages(await page.pdf({ format: 'A4' }));
    for (const { info, title } of PLANS) {
      const name = `${info.id}${title.en.replaceAll(' ', '')}Simulated,calibrated`;
      const first = pages.find((each) => each.includes(name));
      expect(first, name).toBeDefined();
      // Panels may go on on the next page.
      if (!['F22', 'F25'].includes(info.id)) expect(first, name).toContain('Dataset“world”');
    }
    const all = pages.join('');
    // What the charts say themselves.
    expect(all).toContain('25%50%75%100%');
    expect(all).toContain('Openweights:Open');
    // And the categories.
    expect(all.match(/Dataset“world”/g)?.length).toBe(PLANS.length + 1);
    expect(all).not.toMatch(/CSV|Addfilter|Alltime|Loading|Howitismeasured/);
    // The browser has said that it is done.
    expect(await theme()).toBe('dark');
    expect(complaints).toEqual([]);
  });
});
