// What is not the ordinary day looks intended: no data yet, one row, stale data, a database that went away.
import { expect, figure, openLive, run, test } from '../support/story.ts';
import type { Database } from '../support/database.ts';
import { Server, tidemark } from '../support/server.ts';

test.describe('an empty database', () => {
  test.use({ data: 'nothing' });

  test('says what to do, and fills by itself when rows arrive', async ({ page, database, server }) => {
    await page.goto(server.address);
    await expect(page.getByRole('heading', { name: 'No action has run yet' })).toBeVisible();
    await expect(page.locator('.notice')).toContainText('tidemark import');
    await run(database, 'success');
    await tidemark(database.url, 'refresh');
    await expect(figure(page, 'Runs')).toHaveText('1');
    await expect(page.locator('.notice')).toBeHidden();
  });

  test('one row is a page like any other, without made-up numbers', async ({ page, database, server }) => {
    await run(database, 'success');
    await tidemark(database.url, 'refresh');
    await openLive(page, server);
    await expect(figure(page, 'Runs')).toHaveText('1');
    await expect(figure(page, 'Succeeded')).toHaveText('100%');
    await expect(page.locator('#summary')).toContainText('nothing to compare with');
    await expect(page.locator('body')).not.toContainText('NaN');
  });

  test('hostile text is shown, not run', async ({ page, database, server }) => {
    const hostile = `</script><img src=x onerror="document.title='owned'">${'é'.repeat(2000)}`;
    await run(database, 'failed', 1, hostile);
    await tidemark(database.url, 'refresh');
    await openLive(page, server);
    await expect(page.locator('#failures .error')).toContainText("</script><img src=x onerror=\"document.title='owned'\">");
    await expect(page).toHaveTitle('Overview · Tidemark');
  });
});

test.describe('stale data', () => {
  const ages = [
    { minutes: 7, heading: 'The data is getting old', tide: 'warning' },
    { minutes: 14, heading: 'The data is stale', tide: 'stale' },
    { minutes: 45, heading: 'The data is too old to rely on', tide: 'stale' },
  ];
  for (const { minutes, heading, tide } of ages) {
    test(`after ${minutes} minutes the banner says so and why`, async ({ page, database, server }) => {
      await server.stop();
      await database.query('update tidemark.refresh_log set data_as_of = data_as_of - make_interval(mins => $1)', [minutes]);
      await database.query('update tidemark.frontier set checked_at = null');
      const release = await holdRefreshes(database);
      const late = await Server.start(database.url, '--interval', '2min');
      try {
        await page.goto(late.address);
        await expect(page.locator('.banner')).toContainText(heading);
        await expect(page.locator('.banner')).toContainText('No refresh has finished for');
        await expect(page.locator('.banner')).toContainText('Only who reads the views gets older data.');
        await expect(page.locator('progress.tide')).toHaveAttribute('data-staleness', tide);
        await page.screenshot({ path: `screenshots/stale-${minutes}-minutes.png` });
      } finally {
        await release();
        await late.stop();
      }
    });
  }
});

test('a database that goes away leaves the last data with a banner, and comes back', async ({ page, database, server }) => {
  await openLive(page, server);
  const runs = await figure(page, 'Runs').textContent();
  await database.goAway();
  await expect(page.locator('.banner')).toContainText('The database has not answered since');
  await expect(figure(page, 'Runs')).toHaveText(runs ?? '');
  expect((await page.request.get(`${server.address}/healthz`)).status()).toBe(200);
  expect((await page.request.get(`${server.address}/readyz`)).status()).toBe(503);
  await page.reload();
  await expect(figure(page, 'Runs')).toHaveText(runs ?? '');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.locator('.refreshed')).toHaveText(/database does not answer/);
  await page.screenshot({ path: 'screenshots/database-away.png' });
  await database.comeBack();
  await expect(page.locator('.banner')).toBeHidden();
  expect((await page.request.get(`${server.address}/readyz`)).status()).toBe(200);
});

test('an old transaction is named, with what it costs', async ({ page, database, server }) => {
  test.setTimeout(60_000);
  await openLive(page, server);
  await database.query('begin');
  await run(database, 'failed', 1, 'not yet');
  const banner = page.locator('.banner');
  await expect(banner).toContainText('A transaction has been writing for', { timeout: 30_000 });
  await expect(banner).toContainText(/process \d+/);
  await expect(banner).toContainText('insert into action_results');
  await expect(banner).toContainText('Nothing is missing or wrong because of it');
  await page.screenshot({ path: 'screenshots/old-transaction.png' });
  await database.query('commit');
  await expect(page.locator('#failures .error').first()).toHaveText('not yet');
  await expect(banner).toBeHidden();
});

/** Keeps every refresh waiting, as a stuck transaction would; gives back what ends that. */
async function holdRefreshes(database: Database): Promise<() => Promise<void>> {
  await database.query('begin');
  await database.query('lock table tidemark.refresh_log, tidemark.frontier in share mode');
  return async () => {
    await database.query('rollback');
  };
}
