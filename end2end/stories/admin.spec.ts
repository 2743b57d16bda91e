// What admins see to: how refreshes go.
import { expect, test } from '../support/story.ts';
import { expectGoodLooks } from '../support/looks.ts';

test.use({ as: 'admin' });

test('an admin refreshes one view or all, pauses, and chooses another rhythm', async ({ page, server, database }) => {
  await page.goto(server.address + '/admin/refresh');
  await expect(page.locator('#views .sentence')).toContainText('every hour, next in');
  await page.getByRole('button', { name: 'Refresh recent_failures' }).click();
  await expect(page.getByRole('status')).toContainText('recent_failures was refreshed in');
  await page.getByRole('button', { name: 'Refresh all now' }).click();
  await expect(page.getByRole('status')).toContainText('All views were refreshed in');
  await page.getByRole('button', { name: 'Pause refreshes' }).click();
  await expect(page.locator('#views .sentence')).toContainText('refreshes are paused by the admin');
  await page.getByRole('button', { name: 'Go on refreshing' }).click();
  await page.getByLabel('Rhythm').selectOption({ label: 'every 5 minutes' });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('#views .sentence')).toContainText('every 5 minutes, next in');
  const [kept] = await database.query('select is_paused, extract(epoch from every)::int as every from tidemark.schedule');
  expect(kept).toEqual({ is_paused: false, every: 300 });
  await page.goto(server.address + '/admin/audit?q=refresh.schedule');
  await expect(page.locator('tbody tr')).toHaveCount(3);
});

test('a refresh that fails is told with what the database said', async ({ page, server, database }) => {
  await database.query('drop materialized view recent_failures');
  await page.goto(server.address + '/admin/refresh');
  await page.getByRole('button', { name: 'Refresh all now' }).click();
  await expect(page.getByRole('alert')).toContainText('recent_failures could not be refreshed');
  await expect(page.locator('#failed tbody tr').first()).toContainText('recent_failures');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing is wrong for screen readers and nothing sticks out, ${colorScheme}`, async ({ page, server }) => {
    const paths = ['refresh', 'indexes', 'queries', 'doctor', 'storage', 'maintenance'].map((name) => `/admin/${name}`);
    await expectGoodLooks(page, server, paths, colorScheme);
  });
}

test('a missing index is made, a useless one dropped by its name, and a needed one stays', async ({ page, server, database }) => {
  await database.query('drop index idx_recent_failures_trigger_id');
  await database.query('create index story_spare on action_results (job_id)');
  await database.query('create index story_twin on action_results (job_id)');
  await page.goto(server.address + '/admin/indexes');
  await expect(page.locator('#indexes .sentence')).toContainText('1 is missing');
  await page.getByRole('button', { name: 'Make idx_recent_failures_trigger_id' }).click();
  await expect(page.getByRole('status')).toContainText('idx_recent_failures_trigger_id was made.');
  await expect(page.locator('#missing')).toHaveCount(0);

  const row = page.locator('#indexes tbody tr', { hasText: 'story_twin' });
  await expect(row).toContainText('the same as story_spare');
  await row.locator('summary').click();
  await row.getByLabel('Name of the index').fill('something');
  await row.getByRole('button', { name: 'Drop it' }).click();
  await expect(row.locator('p.field-problem')).toHaveText('Write story_twin to drop it; nothing was dropped.');
  await row.getByLabel('Name of the index').fill('story_twin');
  await row.getByRole('button', { name: 'Drop it' }).click();
  await expect(page.getByRole('status')).toContainText('story_twin was dropped.');

  const needed = page.locator('#indexes tbody tr', { hasText: 'idx_recent_failures_unique' });
  await expect(needed).toContainText('a concurrent refresh finds rows by it');
  await needed.locator('summary').click();
  await expect(needed.getByRole('button', { name: 'Drop it' })).toHaveCount(0);
  const forced = await page.request.post(server.address + '/admin/indexes', {
    headers: { origin: server.address },
    form: { does: 'drop', schema: 'public', index: 'idx_recent_failures_unique', typed: 'idx_recent_failures_unique' },
  });
  expect(forced.status()).toBe(422);
  expect(await forced.text()).toContain('idx_recent_failures_unique stays');
  await page.goto(server.address + '/admin/audit?q=index.run');
  await expect(page.locator('tbody tr')).toHaveCount(2);
});

test('the doctor tells what is wrong and where it is mended', async ({ page, server, database }) => {
  // The story's rows were moved in time: the planner has to hear of that.
  await database.query('analyze action_results');
  await expect(async () => {
    await page.goto(server.address + '/admin/doctor');
    await expect(page.locator('#doctor .sentence')).toHaveText('15 checks, and nothing is wrong.', { timeout: 100 });
  }).toPass();
  await database.query('drop index idx_recent_failures_unique');
  await page.reload();
  const finding = page.locator('.finding', { hasText: 'A view cannot be read or refreshed' });
  await expect(finding).toContainText('recent_failures');
  await expect(finding).toContainText('create unique index concurrently');
  await expect(page.locator('.finding', { hasText: 'An index is missing' }).getByRole('link')).toHaveText('Go to the indexes');
  await finding.getByRole('button', { name: 'Run it' }).click();
  await expect(page.getByRole('status')).toContainText('This ran: create unique index concurrently');
  await expect(page.locator('#doctor .sentence')).toHaveText('15 checks, and nothing is wrong.');
});

test('a refresh that is under way shows how far it is, and then that it is over', async ({ page, server, database }) => {
  const release = await database.hold('refresh materialized view concurrently recent_failures');
  await database.query("insert into action_results (job_id, action_type, status) values ('j', 'rest', 'failed')");
  await page.goto(server.address + '/admin/refresh');
  await page.getByRole('button', { name: 'Refresh all now' }).click();
  await expect(page.locator('.under-way')).toContainText('A refresh by tidemark');
  await expect(page.locator('.under-way li', { hasText: 'recent_failures' })).toContainText('waits until somebody else is done');
  await expect(page.locator('.under-way li', { hasText: 'action_metrics_hourly' })).toContainText('done');
  await release();
  await expect(page.locator('.under-way')).toHaveCount(0);
  await expect(page.locator('#views tbody tr', { hasText: 'recent_failures' })).toContainText('s ago');
});

test('the slowest queries are told with their plans', async ({ page, server }) => {
  await page.goto(server.address + '/');
  await page.goto(server.address + '/admin/queries');
  await expect(page.locator('#own .sentence')).toContainText('in the mean; the slowest takes');
  const first = page.locator('#own tbody tr').first();
  await first.locator('summary').click();
  await expect(first.locator('.plan').first()).toContainText('--');
  await expect(page.locator('#own .plan', { hasText: 'cost=' }).first()).toBeAttached();
  await expect(page.locator('#of-database')).toContainText('pg_stat_statements');
});

test('storage is told with what it costs, and a price that makes no sense beside its field', async ({ page, server }) => {
  await page.goto(server.address + '/admin/storage');
  await expect(page.locator('#storage tbody tr', { hasText: 'public.action_results' })).toContainText('MB');
  await page.getByLabel('Price of a gigabyte').fill('much');
  await page.getByLabel('Price of a core').fill('0.05');
  await page.getByLabel('Currency').fill('EUR');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.field-problem', { hasText: 'Write a number from 0 on, as 0.115.' })).toBeVisible();
  await expect(page.getByLabel('Price of a core')).toHaveValue('0.05');
  await page.getByLabel('Price of a gigabyte').fill('100');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('#money .sentence')).toContainText(/A month of this storage costs [\d.]+ EUR/);
  await page.goto(server.address + '/admin/audit?q=storage.price');
  await expect(page.locator('tbody tr')).toHaveCount(1);
});

test('the checklist looks by itself, and a person ticks what only people can tell', async ({ page, server }) => {
  await page.goto(server.address + '/admin/maintenance');
  await page.getByRole('button', { name: 'Look at everything now' }).click();
  await expect(page.getByRole('status')).toHaveText('Everything that Tidemark can tell was looked at.');
  await expect(page.locator('#accuracy')).toContainText('counted anew: no difference.');
  await expect(page.locator('#archiving')).toContainText('due');
  await page.locator('#archiving').getByRole('button', { name: /Tick/ }).click();
  await expect(page.locator('#archiving .field-problem')).toContainText('Write what you saw or did');
  await page.locator('#archiving').getByLabel('What you saw or did').fill('2025 is in the archive');
  await page.locator('#archiving').getByRole('button', { name: /Tick/ }).click();
  await expect(page.locator('#archiving')).toContainText('the admin');
  await expect(page.locator('#archiving')).toContainText('2025 is in the archive');
  await expect(page.locator('#archiving h3')).toContainText('done');
  await page.goto(server.address + '/admin/audit?q=maintenance.tick');
  await expect(page.locator('tbody tr')).toHaveCount(1);
});

test('at every width all pages of the navigation can be seen', async ({ page, server }) => {
  await page.goto(server.address + '/failures');
  for (const width of [660, 760, 1024, 1060, 1100, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    await page.screenshot({ path: `screenshots/header-${width}.png`, clip: { x: 0, y: 0, width, height: 180 } });
    const hidden = await page.locator('.nav').evaluate((nav) => nav.scrollWidth - nav.clientWidth);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect([hidden, overflow], `${width} pixels`).toEqual([0, 0]);
  }
});
