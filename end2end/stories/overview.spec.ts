// Somebody opens the overview over real data and understands it, with and without scripts.
import AxeBuilder from '@axe-core/playwright';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { expect, figure, hold, openLive, run, test } from '../support/story.ts';

test('the first HTML already holds every number, chart and table', async ({ server, request }) => {
  const html = await (await request.get(server.address)).text();
  expect(html).toContain('Runs per hour');
  expect(html.match(/<svg[^>]*viewBox="0 0 888 248"/g)).toHaveLength(1);
  expect(html.match(/class="drawing drawing-(wide|narrow)"/g)).toHaveLength(6);
  expect(html).not.toMatch(/ style="/);
  expect(html).toMatch(/<table/);
});

test('numbers agree with the rows, counted apart', async ({ page, database, server }) => {
  await page.goto(server.address);
  const [counted] = await database.query(
    `with refreshed as (select max(data_as_of) as as_of from tidemark.refresh_log where success)
     select count(*) as runs, count(*) filter (where status = 'failed') as failures
     from action_results, refreshed
     where executed_at > as_of - interval '24 hours' and executed_at <= as_of`,
  );
  const thousands = (text: string) => Number(text).toLocaleString('en-US');
  await expect(figure(page, 'Runs')).toHaveText(thousands(counted.runs));
  await expect(figure(page, 'Failures')).toHaveText(thousands(counted.failures));
});

test('header and filters are there before the look of the rest is', async ({ page, server }) => {
  const arrive = await hold(page, '**/content.css');
  await page.goto(server.address, { waitUntil: 'commit' });
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  await expect(page.getByRole('form', { name: 'Filters' })).toBeVisible();
  await expect(page.locator('#summary')).toHaveCount(0);
  await arrive();
  await expect(page.locator('#summary')).toBeVisible();
});

test('a chart that comes alive looks the same and moves nothing', async ({ page, server }) => {
  await page.addInitScript(() => {
    const shifts = { total: 0 };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        shifts.total += (entry as PerformanceEntry & { value: number }).value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await openLive(page, server);
  const labels = (part: string) => page.locator(`#executions ${part} text`).allTextContents();
  expect(await labels('.chart-alive')).toEqual(await labels('.drawing-wide'));
  const heights = await page.locator('.chart').evaluateAll((charts) => charts.map((chart) => chart.clientHeight));
  expect(heights).toEqual([248, 248, 248]);
  expect(await page.evaluate(() => (window as unknown as { shifts: { total: number } }).shifts.total)).toBeLessThan(0.02);
});

test('the same pixels before and after scripts', async ({ page, browser, server }) => {
  const still = await (await browser.newContext({ javaScriptEnabled: false, viewport: page.viewportSize() })).newPage();
  await still.goto(server.address);
  await openLive(page, server);
  for (const chart of ['#executions .chart', '#durations .chart', '#action-types .chart']) {
    const [before, after] = (await Promise.all([still, page].map((open) => open.locator(chart).screenshot()))).map((png) =>
      PNG.sync.read(png),
    );
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    const different = pixelmatch(before.data, after.data, undefined, before.width, before.height, { threshold: 0.2 });
    expect(different / (before.width * before.height), `${chart}: share of pixels that differ`).toBeLessThan(0.02);
  }
});

test('the first view is small', async ({ page, server }) => {
  const answers: Promise<number>[] = [];
  page.on('requestfinished', (request) => answers.push(request.sizes().then((sizes) => sizes.responseBodySize)));
  await openLive(page, server);
  const bytes = (await Promise.all(answers)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(200_000);
  expect(bytes).toBeLessThan(450_000);
});

test('pointing at an hour tells its numbers', async ({ page, server }) => {
  await openLive(page, server);
  const chart = page.locator('#executions .chart-alive');
  const before = await chart.locator('text').count();
  await chart.hover({ position: { x: 400, y: 120 } });
  await expect.poll(() => chart.locator('text').count()).toBeGreaterThan(before);
});

test('each chart has its numbers as a table', async ({ page, server }) => {
  await page.goto(server.address);
  const numbers = page.locator('#executions .numbers');
  await numbers.locator('summary').click();
  await expect(numbers.locator('tbody tr')).toHaveCount(25);
  await expect(page.locator('#durations .numbers tbody tr')).toHaveCount(25);
});

test('an address that shows nothing says so and leads back', async ({ page, server }) => {
  const answer = await page.goto(`${server.address}/nowhere`);
  expect(answer?.status()).toBe(404);
  await page.getByRole('link', { name: 'Go to the overview' }).click();
  await expect(page.locator('#summary')).toBeVisible();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the page still shows everything', async ({ page, server }) => {
    await page.goto(server.address);
    await expect(figure(page, 'Runs')).toHaveText(/^[\d,]+$/);
    await expect(page.locator('#executions .drawing-wide svg')).toBeVisible();
    await expect(page.locator('#triggers tbody tr')).toHaveCount(8);
    await expect(page.locator('.as-of')).toHaveText(/^as of \d\d:\d\d:\d\d UTC · /);
    await expect(page.locator('.banner')).toBeHidden();
  });

  test('the refresh button works as a plain form', async ({ page, database, server }) => {
    await page.goto(server.address);
    const runs = async () => (await database.query('select max(run_id) as newest from tidemark.refresh_log'))[0].newest;
    const before = Number(await runs());
    await run(database, 'success');
    await page.getByRole('button', { name: 'Refresh' }).click();
    expect(page.url()).toContain(server.address);
    expect(Number(await runs())).toBeGreaterThan(before);
    await expect(page.locator('#summary')).toBeVisible();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`anybody can use it (WCAG 2.2 AA, ${colorScheme})`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openLive(page, server);
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  });
}
