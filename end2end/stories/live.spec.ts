// An open page follows the data by itself: rows that arrive, a refresh, a server that restarts, events that are cut.
import { expect, figure, openLive, run, test } from '../support/story.ts';
import { tidemark } from '../support/server.ts';

test.describe('with a quick schedule', () => {
  test.use({ data: 'nothing', serveArgs: ['--interval', '1s'] });

  test('a committed row makes its bar grow in an open page', async ({ page, database, server }) => {
    await run(database, 'success');
    await openLive(page, server);
    await expect(figure(page, 'Runs')).toHaveText('1');
    const bars = () => page.locator('#executions .chart-alive').evaluate((chart) => chart.innerHTML);
    const before = await bars();
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await run(database, 'failed', 1, 'it broke');
    await expect(figure(page, 'Runs')).toHaveText('2');
    await expect(page.locator('#failures .error')).toHaveText('it broke');
    await expect.poll(bars).not.toEqual(before);
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });
});

test.describe('with no schedule but the rows', () => {
  test.use({ serveArgs: [] });

  test('a committed row is in an open page within seconds, and again, and the page tells what that takes', async ({
    page,
    database,
    server,
  }) => {
    await openLive(page, server);
    for (const error of ['first', 'second', 'third']) {
      await run(database, 'failed', 0, error);
      // The budget decides when the next look is due, so a busy machine takes longer.
      await expect(page.locator('#failures .error').first()).toHaveText(error, { timeout: 30_000 });
    }
    await expect(page.locator('.foot')).toContainText(/took .+% of one core over the last 10 min; the budget is 5%\./);
    await expect(page.locator('.banner')).toBeHidden();
  });

  test('while nothing changes the moment moves on and the charts stay', async ({ page, server }) => {
    await openLive(page, server);
    await page.waitForTimeout(2_000);
    const [moment, chart] = [page.locator('.as-of'), page.locator('#executions .chart-alive svg')];
    const before = (await moment.textContent())?.split(' · ')[0];
    await chart.evaluate((svg) => svg.setAttribute('data-same', 'yes'));
    await expect(moment).not.toContainText(before ?? '', { timeout: 20_000 });
    await expect(chart).toHaveAttribute('data-same', 'yes');
  });
});

test('the refresh button shows progress, then every open page is new', async ({ page, context, database, server }) => {
  await openLive(page, server);
  const other = await context.newPage();
  await openLive(other, server);
  const before = await figure(page, 'Failures').textContent();
  await run(database, 'failed', 1, 'pressed');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.locator('.refreshed')).toHaveText(/^refreshed in /);
  for (const open of [page, other]) {
    await expect(figure(open, 'Failures')).not.toHaveText(before ?? '');
    await expect(open.locator('#failures .error').first()).toHaveText('pressed');
  }
});

test('a refresh from a cron line reaches open pages too', async ({ page, database, server }) => {
  await openLive(page, server);
  await run(database, 'failed', 1, 'from cron');
  await tidemark(database.url, 'refresh');
  await expect(page.locator('#failures .error').first()).toHaveText('from cron');
});

test('the age ticks and the tide sinks', async ({ page, server }) => {
  await page.clock.install();
  // The server's clock does not run ahead with the page's, so it must not be heard.
  await page.route('**/events', (route) => route.abort());
  await page.route('**/api/freshness', (route) => route.abort());
  await openLive(page, server);
  const tide = () => page.locator('progress.tide').evaluate((element) => (element as HTMLProgressElement).value);
  const before = await tide();
  await page.clock.runFor(70_000);
  await expect(page.locator('.as-of')).toHaveText(/1 min ago$/);
  expect(await tide()).toBeLessThan(before);
});

test('a page outlives its server and goes on when that is back', async ({ page, database, server }) => {
  test.setTimeout(90_000);
  await openLive(page, server);
  expect(await server.stop()).toBe(0);
  await expect(page.locator('.banner')).toContainText('server has not answered', { timeout: 45_000 });
  await run(database, 'failed', 1, 'while it was away');
  const again = await server.again();
  try {
    await tidemark(database.url, 'refresh');
    await expect(page.locator('#failures .error').first()).toHaveText('while it was away', { timeout: 45_000 });
    await expect(page.locator('.banner')).toBeHidden();
  } finally {
    await again.stop();
  }
});

test('a page whose events are cut asks by itself', async ({ page, database, server }) => {
  test.setTimeout(90_000);
  await page.route('**/events', (route) => route.abort());
  await openLive(page, server);
  await run(database, 'failed', 1, 'asked for');
  await tidemark(database.url, 'refresh');
  await expect(page.locator('#failures .error').first()).toHaveText('asked for', { timeout: 60_000 });
});
