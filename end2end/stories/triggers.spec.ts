// All triggers in any order, page by page, and from a row to its trigger and back, with scripts and without.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/story.ts';
import type { Database } from '../support/database.ts';
import { tidemark } from '../support/server.ts';

const list = (page: Page) => page.locator('#trigger-list');
const names = (page: Page) => list(page).locator('tbody th').allTextContents();
const first = (page: Page) => list(page).locator('tbody th').first();

/** Sixty triggers beside the real ones: one slow, one failing, one that never ran. */
async function many(database: Database) {
  await database.query(
    `insert into triggers (id, name, created_at)
     select 'many-' || n, 'Many ' || lpad(n::text, 2, '0'), now() - interval '9 days' from generate_series(1, 60) as n`,
  );
  await database.query(
    `insert into action_results (job_id, trigger_id, action_type, status, duration_ms, error_message)
     select 'j', 'many-' || n, 'rest', case when n = 7 then 'failed' else 'success' end,
       case when n = 8 then 60000000 else 5 end, case when n = 7 then 'HTTP 500' end
     from generate_series(1, 59) as n`,
  );
  await tidemark(database.url, 'refresh');
}

for (const scripts of [true, false]) {
  test.describe(scripts ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled: scripts });

    test('triggers are sorted by a click on a heading, and go on page by page', async ({ page, database, server }) => {
      await many(database);
      await page.goto(`${server.address}/triggers`);
      await expect(list(page).locator('tbody tr')).toHaveCount(50);
      await expect(list(page).locator('.sentence')).toContainText(/critical.*, of \d+ triggers\./);
      await page.getByRole('link', { name: 'Trigger', exact: true }).click();
      await expect(page).toHaveURL(`${server.address}/triggers?sort=name`);
      await expect(list(page).locator('th[aria-sort=ascending]')).toContainText('Trigger');
      const before = await names(page);
      expect(before).toEqual([...before].sort((left, right) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1)));
      await page.getByRole('link', { name: 'Next 50' }).click();
      await expect(page).toHaveURL(/after=/);
      const after = await names(page);
      expect(after.filter((name) => before.includes(name))).toEqual([]);
      await page.getByRole('link', { name: 'First page' }).click();
      await expect.poll(() => names(page)).toEqual(before);
      await page.getByRole('link', { name: 'Trigger', exact: true }).click();
      await expect(page).toHaveURL(`${server.address}/triggers?sort=name&dir=desc`);
    });

    test('a name is found, and its order stays', async ({ page, database, server }) => {
      await many(database);
      await page.goto(`${server.address}/triggers?sort=executions`);
      await page.getByLabel('Name').fill('many 4');
      await page.getByLabel('Name').press('Enter');
      await expect(page).toHaveURL(/q=many(\+|%20)4.*sort=executions|sort=executions.*q=many(\+|%20)4/);
      await expect(list(page).locator('tbody tr')).toHaveCount(10);
      await expect(list(page).locator('.sentence')).toContainText('10 triggers that fit');
    });

    test('a saved view leads to a trigger, its failures, and back', async ({ page, database, server }) => {
      await many(database);
      await page.goto(`${server.address}/triggers`);
      await page.getByRole('link', { name: 'Slowest' }).click();
      await expect(page).toHaveURL(`${server.address}/triggers?view=slowest`);
      await expect(first(page)).toHaveText('Many 08');
      await page.getByRole('link', { name: 'Idle' }).click();
      await expect(list(page).locator('.sentence')).toContainText('ran nothing for 7 days.');
      await page.goto(`${server.address}/triggers?q=many&view=idle`);
      await expect(list(page).locator('tbody tr')).toHaveCount(1);
      await expect(first(page)).toHaveText('Many 60');
      await page.goto(`${server.address}/triggers`);
      await page.getByRole('link', { name: 'Failing' }).click();
      await page.getByRole('link', { name: 'Many 07' }).click();
      await expect(page).toHaveURL(`${server.address}/triggers/many-7`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Many 07');
      await expect(page.locator('.reasons')).toContainText('0% succeeded: under 50% is critical.');
      await expect(page.locator('#failures .error')).toHaveText('HTTP 500');
      await expect(page.getByRole('link', { name: 'All failures of this trigger' })).toHaveAttribute(
        'href',
        '/failures?status=failed&trigger=many-7',
      );
      await page.goBack();
      await expect(page).toHaveURL(`${server.address}/triggers?view=failing`);
    });
  });
}

test('an open page of a trigger grows when it runs', async ({ page, database, server }) => {
  await many(database);
  await page.goto(`${server.address}/triggers/many-3`);
  await expect(page.locator('.chart.alive')).toHaveCount(4);
  await expect(page.locator('#profile .sentence')).toHaveText('It is well: 1 run, 100% succeeded.');
  await database.query(
    `insert into action_results (job_id, trigger_id, action_type, status, error_message)
     values ('j', 'many-3', 'rest', 'failed', 'broke just now')`,
  );
  await expect(page.locator('#profile .sentence')).toHaveText('Warning: 2 runs, 50.0% succeeded.');
  await expect(page.locator('#failures .error')).toHaveText('broke just now');
});

test('a trigger that is not there is told, with where to look', async ({ page, server }) => {
  const answer = await page.goto(`${server.address}/triggers/nowhere`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no trigger “nowhere”');
  await page.getByRole('link', { name: 'Look for it by its name' }).click();
  await expect(page).toHaveURL(`${server.address}/triggers?q=nowhere`);
  await expect(list(page).locator('.sentence')).toHaveText('No trigger fits the filters.');
});

test('an order that makes no sense is named, and the list still shows', async ({ page, server }) => {
  await page.goto(`${server.address}/triggers?sort=colour&after=eCBh`);
  await expect(page.locator('.problems li')).toHaveCount(2);
  await expect(page.locator('.problems')).toContainText('one of name, health, success_rate');
  await expect(list(page).locator('tbody tr')).not.toHaveCount(0);
});

test('on a telephone all columns that are there are in sight', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 900 });
  for (const [address, panel] of [['/triggers', '#trigger-list'], ['/organizations?range=7d', '#usage']]) {
    await page.goto(server.address + address);
    const beyond = (table: Element) => table.scrollWidth - table.clientWidth;
    expect(await page.locator(`${panel} .scroll`).evaluate(beyond), address).toBeLessThanOrEqual(0);
  }
});

test('a filter that changes nothing here is told', async ({ page, server }) => {
  for (const [address, name] of [['/triggers?status=failed', 'status'], ['/actions?q=timeout', 'text'], ['/?q=x', 'text']]) {
    await page.goto(server.address + address);
    await expect(page.locator('.page-note').first()).toContainText(`No filter by ${name} changes this page`);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`both pages keep to WCAG 2.2 AA in ${colorScheme}`, async ({ page, database, server }) => {
    await many(database);
    await page.emulateMedia({ colorScheme });
    for (const address of ['/triggers', '/triggers?view=sla', '/triggers/many-7', '/triggers/nowhere']) {
      await page.goto(server.address + address);
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
      expect(violations.map((violation) => [address, violation.id, violation.nodes.map((node) => node.html)])).toEqual([]);
    }
  });
}
