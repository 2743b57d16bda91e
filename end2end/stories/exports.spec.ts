// Every panel can be taken along: its numbers as CSV, its chart as a drawing or a picture, with scripts and without.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, openLive, test } from '../support/story.ts';
import type { Page } from '@playwright/test';

/** Follows a link of a panel; the name of the file that comes of it, and what is in it. */
async function take(page: Page, panel: string, format: string): Promise<{ name: string; bytes: Buffer }> {
  await page.locator(`#${panel}`).hover();
  const link = page.locator(`#${panel} .exports`).getByRole('link', { name: `as ${format}` });
  await expect(link).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('a chart goes along as numbers, drawing and picture', async ({ page, server }) => {
      const address = '/?range=7d&type=rest&tz=Europe%2FBerlin';
      await (javaScriptEnabled ? openLive(page, server, address) : page.goto(server.address + address));
      const csv = await take(page, 'executions', 'CSV');
      expect(csv.name).toMatch(/^tidemark-overview-runs-per-hour-\d{4}-\d\d-\d\dT\d{4}Z\.csv$/);
      const lines = csv.bytes.toString().trimEnd().split('\r\n');
      expect(lines[0]).toBe('time,success,retrying,failed,success_rate (%),before,in_part,marks');
      expect(lines.length - 1).toBe(await page.locator('#executions .numbers tbody tr').count());
      expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\+0[12]:00,/);

      const svg = await take(page, 'executions', 'SVG');
      expect(svg.name).toMatch(/Z\.svg$/);
      const sentence = await page.locator('#executions .sentence').textContent();
      expect(svg.bytes.toString()).toContain('Runs per hour');
      expect(svg.bytes.toString()).toContain(sentence);
      expect(svg.bytes.toString()).toContain('type rest');
      expect(svg.bytes.toString()).not.toContain('var(');

      const png = await take(page, 'executions', 'PNG');
      expect(png.name).toMatch(/Z\.png$/);
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(png.bytes.readUInt32BE(16)).toBe(2 * 1024);
    });

    test('a table goes along whole', async ({ page, database, server }) => {
      await database.query(
        `insert into action_results (job_id, action_type, status, executed_at, error_message)
         select 'story', 'rest', 'failed', now() - n * interval '1 second', '=1+' || n from generate_series(1, 30) as n`,
      );
      await page.goto(`${server.address}/?type=rest&status=failed`);
      const csv = await take(page, 'failures', 'CSV');
      const lines = csv.bytes.toString().trimEnd().split('\r\n');
      expect(lines.length).toBeGreaterThan(30);
      expect(csv.bytes.toString()).toContain("'=1+30");
      await expect(page.locator('#failures .exports a')).toHaveCount(1);
    });
  });
}

test('the links are quiet until one comes near, also with the keyboard', async ({ page, server }) => {
  await openLive(page, server);
  const links = page.locator('#durations .exports');
  await expect(links).toHaveCSS('opacity', '0');
  await links.getByRole('link').first().focus();
  await expect(links).toHaveCSS('opacity', '1');
});

test.describe('on a telephone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('the links are there', async ({ page, server }) => {
    await page.goto(server.address);
    await expect(page.locator('#durations .exports')).toHaveCSS('opacity', '1');
  });
});

test('pictures to look at', async ({ page, server }) => {
  await openLive(page, server);
  await mkdir('screenshots', { recursive: true });
  for (const theme of ['light', 'dark']) {
    for (const panel of ['executions', 'durations', 'action-types']) {
      const answer = await page.request.get(`${server.address}/export/${panel}.png?theme=${theme}&compare=1`);
      expect(answer.ok()).toBe(true);
      await writeFile(`screenshots/export-${panel}-${theme}.png`, await answer.body());
    }
  }
});
