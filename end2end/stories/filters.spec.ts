// What one looks at is its address: filters, time, zone and comparison, with scripts and without, and the keys.
import AxeBuilder from '@axe-core/playwright';
import { expect, figure, openLive, run, test } from '../support/story.ts';

const number = (text: string | null) => Number((text ?? '').replaceAll(',', ''));

/** The day some days ago, as a field takes it, in UTC. */
const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);

test('a change of a filter is in the address, in every number, and back leads back', async ({ page, database, server }) => {
  await openLive(page, server);
  const all = await figure(page, 'Runs').textContent();
  await run(database, 'failed', 60, 'only here');
  await page.getByLabel('Status').selectOption('failed');
  await expect(page).toHaveURL(`${server.address}/?status=failed`);
  await expect(page.locator('#summary .sentence')).toContainText(/runs? failed\./);
  await expect(figure(page, 'Succeeded')).toHaveText('–');
  expect(await figure(page, 'Runs').textContent()).toBe(await figure(page, 'Failures').textContent());
  await page.goBack();
  await expect(page).toHaveURL(`${server.address}/`);
  await expect(page.getByLabel('Status')).toHaveValue('');
  expect(number(await figure(page, 'Runs').textContent())).toBeGreaterThanOrEqual(number(all));
  await page.goForward();
  await expect(page.getByLabel('Status')).toHaveValue('failed');
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(`${server.address}/`);
});

test('a shared link shows a colleague the same', async ({ page, browser, server }) => {
  const address = '/?range=7d&type=rest&compare=1&tz=Asia%2FTokyo';
  await openLive(page, server, address);
  const colleague = await (await browser.newContext({ timezoneId: 'America/New_York' })).newPage();
  await openLive(colleague, server, address);
  for (const part of ['#summary .figures', '#executions .keys', '#executions .sentence']) {
    expect(await colleague.locator(part).textContent()).toBe(await page.locator(part).textContent());
  }
  await expect(colleague.locator('#summary h2')).toHaveText('Last 7 days');
  await expect(colleague.locator('#executions .keys')).toContainText('time before');
  await expect(colleague.locator('.foot')).toContainText('Asia/Tokyo');
  await expect(colleague.getByLabel('Compare')).toBeChecked();
  await colleague.context().close();
});

test('numbers of a trigger agree with its rows, and say what is not kept', async ({ page, database, server }) => {
  const [busiest] = await database.query(
    `select trigger_id, count(*) as runs from action_results
     where executed_at > now() - interval '24 hours' group by 1 order by 2 desc limit 1`,
  );
  await openLive(page, server, `/?trigger=${busiest.trigger_id}`);
  expect(Math.abs((number(await figure(page, 'Runs').textContent())) - Number(busiest.runs))).toBeLessThanOrEqual(1);
  await expect(figure(page, 'p95 duration')).toHaveText('–');
  await expect(page.locator('#durations .sentence')).toContainText('Percentiles are not kept by trigger');
  await expect(page.locator('#triggers tbody tr')).toHaveCount(1);
});

test('a trigger that is gone is named on every page that takes one', async ({ page, server }) => {
  for (const path of ['/', '/actions', '/triggers', '/failures', '/organizations']) {
    await page.goto(`${server.address}${path}?trigger=gone-1`);
    await expect(page.locator('.page-note', { hasText: 'There is no trigger “gone-1”, or not any more.' })).toBeVisible();
  }
});

test('an action type and an organization that nobody knows are named', async ({ page, server }) => {
  await page.goto(`${server.address}/?type=rset&org=acne`);
  await expect(page.locator('.page-note')).toContainText([
    'No action type “rset” is known yet.',
    'No organization “acne” is known to own a trigger yet.',
  ]);
});

test('a senseless value is named, with what would be right, and the rest counts', async ({ page, server }) => {
  await openLive(page, server, '/?range=banana&status=broken&type=rest&tz=Mars');
  const problems = page.locator('.problems');
  await expect(problems.locator('li')).toHaveCount(3);
  await expect(problems).toContainText('“range=banana” makes no sense and is left out: range may be 24h, 7d, 30d, 90d');
  await expect(problems).toContainText('success, retrying or failed');
  await expect(problems).toContainText('Europe/Berlin');
  await expect(page.locator('select[name=type]')).toHaveValue('rest');
  await expect(page.locator('#action-types .numbers tbody tr')).toHaveCount(1);
});

test('a bar leads to the rows behind it, filters kept', async ({ page, server }) => {
  await page.route('**/failures?*', (route) => route.fulfill({ contentType: 'text/html', body: 'rows' }));
  await openLive(page, server, '/?type=rest');
  const box = await page.locator('#executions .chart-alive').boundingBox();
  // Low in the middle of the chart: a bar of those that succeeded.
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 205);
  await expect(page).toHaveURL(/\/failures\?range=[\dTZ:.-]+&type=rest&status=(success|retrying|failed)#rows$/);
});

test('the numbers of a bar lead there too', async ({ page, server }) => {
  await page.goto(server.address);
  const link = page.locator('#executions .numbers tbody tr').nth(3).locator('a').last();
  await expect(link).toHaveAttribute('href', /^\/failures\?range=[\dTZ:.-]+&status=failed#rows$/);
});

test.describe('in Adelaide', () => {
  test.use({ timezoneId: 'Australia/Adelaide' });

  test('the first page is in UTC and says so, the next in the zone of the viewer', async ({ page, server }) => {
    await openLive(page, server);
    await expect(page.locator('.as-of')).toHaveText(/^as of \d\d:\d\d:\d\d UTC/);
    await expect(page.locator('.foot')).toContainText('Times are in UTC');
    await page.reload();
    await expect(page.locator('.as-of')).toHaveText(/^as of \d\d:\d\d:\d\d AC[DS]T/);
    await expect(page.locator('.foot')).toContainText('Times are in Australia/Adelaide');
    await expect(page).toHaveURL(`${server.address}/`);
    await expect(page.locator('#executions .numbers tbody th').nth(2)).toContainText(/:30$/);
    await page.getByLabel('Times in').selectOption('UTC');
    await expect(page).toHaveURL(`${server.address}/?tz=UTC`);
    await expect(page.locator('.foot')).toContainText('Times are in UTC');
  });
});

test.describe('without a schedule but the rows', () => {
  test.use({ serveArgs: [] });

  test('a paused page stands still until it may go on', async ({ page, database, server }) => {
    await openLive(page, server);
    await page.keyboard.press('p');
    await expect(page.locator('.paused')).toHaveText('paused');
    const newest = page.locator('#failures .error').first();
    const before = await newest.textContent();
    await run(database, 'failed', 0, 'while it stood still');
    // Another page has it already.
    const other = await page.context().newPage();
    await openLive(other, server);
    await expect(other.locator('#failures .error').first()).toHaveText('while it stood still');
    expect(await newest.textContent()).toBe(before);
    await page.keyboard.press('p');
    await expect(newest).toHaveText('while it stood still');
    await expect(page.locator('.paused')).toBeEmpty();
  });

  test('what was unfolded and chosen stays while the page follows the data', async ({ page, database, server }) => {
    await openLive(page, server);
    const numbers = page.locator('#executions .numbers');
    await numbers.locator('summary').click();
    await page.getByLabel('Trigger', { exact: true }).fill('half a wor');
    await run(database, 'failed', 0, 'news');
    await expect(page.locator('#failures .error').first()).toHaveText('news');
    await expect(numbers).toHaveAttribute('open', '');
    await expect(page.getByLabel('Trigger', { exact: true })).toHaveValue('half a wor');
    await expect(page.getByLabel('Trigger', { exact: true })).toBeFocused();
  });
});

test('the keys: help, theme, search, refresh', async ({ page, server }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openLive(page, server);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByRole('dialog')).toContainText('pause live updates');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.keyboard.press('t');
  await expect.poll(paper).not.toBe(light);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await paper()).not.toBe(light);
  // Keys are heard once the page is awake again.
  await expect(page.locator('html[data-awake]')).toHaveCount(1);
  await page.keyboard.press('/');
  await expect(page.getByLabel('Trigger', { exact: true })).toBeFocused();
  // What is written in a field is no key.
  await page.keyboard.type('tp?');
  await expect(page.getByLabel('Trigger', { exact: true })).toHaveValue('tp?');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByLabel('Trigger', { exact: true }).fill('');
  await page.keyboard.press('Tab');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('r');
  await expect(page.locator('.refreshed')).toHaveText(/^refreshed in /);
});

test('days are picked once somebody wants to, and shown when asked for', async ({ page, server }) => {
  await openLive(page, server);
  const [from, to] = ['From', 'To'].map((name) => page.locator('.custom').getByLabel(name, { exact: true }));
  await expect(from).toHaveAttribute('type', 'text');
  await page.locator('.custom summary').click();
  await expect(from).toHaveAttribute('type', 'date');
  await from.fill(day(12));
  // One day alone asks for nothing yet.
  await expect(page).toHaveURL(`${server.address}/`);
  await to.fill(day(3));
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.locator('#executions .numbers tbody tr')).toHaveCount(10);
  await page.locator('.custom summary').click();
  await expect(from).toHaveAttribute('type', 'date');
  await expect(from).toHaveValue(day(12));
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the filter bar is a plain form', async ({ page, server }) => {
    await page.goto(`${server.address}/?range=7d`);
    await expect(page.getByRole('button', { name: 'Apply' })).toBeVisible();
    await page.getByLabel('Status').selectOption('failed');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page).toHaveURL(/range=7d.*status=failed/);
    await expect(page.locator('#summary h2')).toHaveText('Last 7 days');
    await expect(page.locator('#summary .sentence')).toContainText(/runs? failed\./);
    await page.getByRole('link', { name: '24h' }).click();
    await expect(page).toHaveURL(`${server.address}/?status=failed`);
  });

  test('any days can be chosen', async ({ page, server }) => {
    await page.goto(server.address);
    await page.locator('.custom summary').click();
    await page.locator('.custom').getByLabel('From', { exact: true }).fill(day(12));
    await page.locator('.custom').getByLabel('To', { exact: true }).fill(day(3));
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.locator('#executions h2')).toHaveText('Runs per day');
    await expect(page.locator('#executions .numbers tbody tr')).toHaveCount(10);
  });
});

for (const address of ['/?range=30d&compare=1&status=failed', '/?range=nonsense&type=nothing']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`anybody can use ${address} (WCAG 2.2 AA, ${colorScheme})`, async ({ page, server }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await openLive(page, server, address);
      const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
    });
  }
}
