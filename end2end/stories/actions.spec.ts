// Somebody looks when actions run, how they end and how long they take, and follows a bar to the rows behind it.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, openLive, run, test } from '../support/story.ts';

const number = (text: string | null) => Number((text ?? '').replaceAll(',', ''));

/** The whole number at the head of the executions panel. */
async function runs(page: Page): Promise<number> {
  const sentence = await page.locator('#executions .sentence').textContent();
  return number(/^[\d,]+/.exec(sentence ?? '')?.[0] ?? null);
}

test('every panel says a sentence, draws a chart and lists its numbers', async ({ page, server }) => {
  await openLive(page, server, '/actions?range=7d');
  await expect(page.getByRole('link', { name: 'Actions' })).toHaveAttribute('aria-current', 'page');
  const names = ['executions', 'types', 'success-rate', 'durations', 'duration-classes', 'peak-hours', 'growth'];
  for (const name of names) {
    await expect(page.locator(`#${name} .sentence`)).toHaveText(/\.$/);
    await expect(page.locator(`#${name} .chart.alive`)).toHaveCount(1);
    expect(await page.locator(`#${name} .numbers tbody tr`).count(), name).toBeGreaterThan(0);
  }
  await expect(page.locator('#peak-hours .numbers tbody tr')).toHaveCount(168);
});

test('counts follow the filters and agree with the rows', async ({ page, database, server }) => {
  await openLive(page, server, '/actions?type=rest&status=failed');
  const [counted] = await database.query(
    `select count(*) as runs from action_results
     where action_type = 'rest' and status = 'failed' and executed_at > now() - interval '24 hours'`,
  );
  expect(Math.abs((await runs(page)) - Number(counted.runs))).toBeLessThanOrEqual(1);
  await expect(page.locator('#success-rate .sentence')).toContainText('there is no rate to tell');
  await expect(page.locator('#types .sentence')).toHaveText('Every run is of type rest.');
});

test('bars are stacked by type for who asks, and other filters stay', async ({ page, server }) => {
  await openLive(page, server, '/actions?range=30d');
  const all = await runs(page);
  await page.getByRole('link', { name: 'by type' }).click();
  await expect(page).toHaveURL(`${server.address}/actions?range=30d&by=type`);
  await expect(page.locator('#executions h2')).toHaveText('Runs per day by type');
  await expect(page.locator('#executions .key').first()).toHaveText('rest');
  expect(await runs(page)).toBe(all);
  await page.locator('select[name=type]').selectOption('mcp');
  await expect(page).toHaveURL(/range=30d&type=mcp&by=type/);
  await expect(page.locator('#executions .sentence')).toContainText(' runs in the last 30 days; most on ');
});

test('who compares sees how much more it was', async ({ page, server }) => {
  await openLive(page, server, '/actions?range=7d&compare=1');
  await expect(page.locator('#executions .sentence')).toContainText(/(more|fewer) than in the 7 days before/);
  await expect(page.locator('#success-rate .sentence')).toContainText(/(higher|lower) than in the 7 days before|as in the 7 days before/);
  await expect(page.locator('#types thead')).toContainText('Share before');
  await expect(page.locator('#executions .keys')).toContainText('time before');
});

test('a bar leads to the rows behind it, filters kept', async ({ page, server }) => {
  await page.route('**/failures?*', (route) => route.fulfill({ contentType: 'text/html', body: 'rows' }));
  await openLive(page, server, '/actions?type=rest');
  const box = await page.locator('#executions .chart-alive').boundingBox();
  // Low in the middle of the chart: a bar of those that succeeded.
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 205);
  await expect(page).toHaveURL(/\/failures\?range=[\dTZ:.-]+&type=rest&status=(success|retrying|failed)#rows$/);
});

test('a cell of the week leads to the rows of its newest hour', async ({ page, server }) => {
  await page.route('**/failures?*', (route) => route.fulfill({ contentType: 'text/html', body: 'rows' }));
  await openLive(page, server, '/actions?range=7d&status=success');
  // Around noon in the middle of the week.
  await page.locator('#peak-hours .chart-alive').click({ position: { x: 440, y: 120 } });
  await expect(page).toHaveURL(/\/failures\?range=[\dT:-]+00:00Z\.\.[\dT:-]+00:00Z&status=success#rows$/);
});

test('single triggers have no durations, and the page says so', async ({ page, database, server }) => {
  const [busiest] = await database.query(
    `select trigger_id from action_results where executed_at > now() - interval '24 hours' group by 1 order by count(*) desc limit 1`,
  );
  await openLive(page, server, `/actions?trigger=${busiest.trigger_id}`);
  expect(await runs(page)).toBeGreaterThan(0);
  await expect(page.locator('#duration-classes .sentence')).toContainText('not kept by trigger');
  await expect(page.locator('#durations .sentence')).toContainText('not kept by trigger');
  await expect(page.locator('#types tbody tr').first()).toContainText('–');
});

test.describe('while refreshing often', () => {
  test.use({ serveArgs: ['--interval', '1s'] });

  test('a committed row makes its bar grow in an open page', async ({ page, database, server }) => {
    await openLive(page, server, '/actions?type=rest&status=retrying');
    const before = await runs(page);
    await run(database, 'retrying');
    await expect.poll(() => runs(page)).toBe(before + 1);
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('charts are drawn, and numbers lead where bars would', async ({ page, server }) => {
    await page.goto(`${server.address}/actions?range=30d`);
    await expect(page.locator('.drawing svg:visible')).toHaveCount(7);
    await page.getByRole('link', { name: 'by type' }).click();
    await expect(page).toHaveURL(/by=type/);
    await page.locator('#types summary').click();
    await page.locator('#types').getByRole('link', { name: 'mcp' }).click();
    await expect(page).toHaveURL(/\/actions\?range=30d&type=mcp&by=type/);
    await page.getByRole('link', { name: 'by status' }).click();
    const link = page.locator('#executions .numbers tbody tr').nth(5).locator('a');
    await expect(link).toHaveAttribute('href', /^\/failures\?range=[\dTZ:.-]+&type=mcp&status=failed#rows$/);
  });
});

for (const address of ['/actions?range=7d', '/actions?range=30d&by=type&compare=1']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`anybody can use ${address} (WCAG 2.2 AA, ${colorScheme})`, async ({ page, server }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await openLive(page, server, address);
      const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
    });
  }
}
