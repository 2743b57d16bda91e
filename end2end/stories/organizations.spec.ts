// Organizations: who uses how much, each leading to the other pages.
import AxeBuilder from '@axe-core/playwright';
import type { Database } from '../support/database.ts';
import { expect, test } from '../support/story.ts';

test.use({ data: 'nothing' });

/** Three organizations, the first with most runs, of which every tenth fails; today half as much again as yesterday. */
async function grow(database: Database): Promise<void> {
  await database.query(`insert into organizations (id, name, plan) values ('acme', 'Acme Rockets', 'pro'), ('bolt', 'Bolt', null), ('cask', '<b>Cask</b>', 'free')`);
  await database.query(
    `insert into triggers (id, name, organization_id) select 't' || n, 'Trigger ' || n, (array['acme', 'bolt', 'cask'])[1 + n % 3] from generate_series(0, 8) as n`,
  );
  await database.query(
    `insert into action_results (job_id, trigger_id, action_type, status, executed_at, duration_ms)
     select 'j', 't' || case when n % 2 = 0 then 0 else n % 9 end, 'rest', case when n % 10 = 0 then 'failed' else 'success' end,
       now() - n * interval '90 seconds' - case when n > 600 then interval '9 hours' else '0' end, 120
     from generate_series(1, 1000) as n
     union all select 'j', 't0', 'rest', 'success', now() - interval '3 days', 120`,
  );
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('who uses how much is told, and each leads to its own', async ({ page, database, server }) => {
      await grow(database);
      await page.goto(`${server.address}/organizations`);
      await expect(page.locator('#top-organizations .sentence')).toContainText('Acme Rockets leads with');
      await expect(page.locator('#growth .sentence')).toContainText('changed most');
      await expect(page.locator('#executions h2')).toHaveText('Runs per hour by organization');
      await expect(page.locator('#executions .keys')).toContainText('Acme Rockets');
      await expect(page.locator('#executions .sentence')).toContainText('of Acme Rockets.');
      await expect(page.locator('#usage tbody tr')).toHaveCount(3);
      const acme = page.locator('#usage tbody tr').first();
      await expect(acme).toContainText('Acme Rockets');
      await expect(acme).toContainText('pro');
      await expect(page.locator('#usage')).toContainText('<b>Cask</b>');
      await acme.locator('td').nth(5).locator('a').click();
      await expect(page).toHaveURL(/\/failures\?status=failed&org=acme#rows$/);
      await expect(page.locator('#rows .run').first()).toBeVisible();
    });

    test('a name is looked for, and an organization can be chosen', async ({ page, database, server }) => {
      await grow(database);
      await page.goto(`${server.address}/organizations?q=ROCKET`);
      await expect(page.locator('#usage tbody tr')).toHaveCount(1);
      await page.goto(`${server.address}/organizations?org=bolt`);
      await expect(page.locator('#usage tbody tr')).toHaveCount(1);
      await expect(page.locator('#usage tbody')).toContainText('Bolt');
    });

    test('a database without organizations says so', async ({ page, database, server }) => {
      await database.query(`insert into action_results (job_id, action_type, status) values ('j', 'rest', 'success')`);
      await page.goto(`${server.address}/organizations`);
      await expect(page.locator('h1')).toHaveText('This database knows no organizations');
    });
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing is wrong for screen readers and nothing sticks out, ${colorScheme}`, async ({ page, database, server }) => {
    await grow(database);
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${server.address}/organizations`);
      await expect(page.locator('.chart.alive')).toHaveCount(3);
      await page.screenshot({ path: `screenshots/organizations-${width}-${colorScheme}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `nothing sticks out at ${width} pixels`).toBeLessThanOrEqual(0);
      const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
      expect(found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
    }
  });
}
