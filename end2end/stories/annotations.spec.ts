// A deploy or an incident is marked from the page, shows on the charts at once, and can be removed again.
import { writeFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, fromPage, hold, openLive, test } from '../support/story.ts';
import type { Page } from '@playwright/test';

/** The text of the time chart that shows: the live one, or the server's drawing. */
const chart = (page: Page, alive: boolean) =>
  page.locator(alive ? '#executions .chart-alive svg' : '#executions .drawing-wide svg');

async function mark(page: Page, fields: { kind?: string; text?: string; from?: string; to?: string }): Promise<void> {
  if (!(await page.locator('.marks-fold[open]').count())) await page.locator('.marks-fold > summary').click();
  if (fields.kind) await page.getByLabel('What', { exact: true }).selectOption(fields.kind);
  if (fields.text !== undefined) await page.getByLabel('In a few words').fill(fields.text);
  if (fields.from !== undefined) await page.locator('#mark-at').fill(fields.from);
  if (fields.to !== undefined) await page.locator('#mark-until').fill(fields.to);
  await page.getByRole('button', { name: 'Mark on all charts' }).click();
}

/** A time some minutes ago, as a field takes it, in UTC. */
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 16);

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('a deploy is marked, stands on the charts and in the numbers, and is removed again', async ({ page, server }) => {
      const address = `${server.address}/?range=7d&tz=UTC`;
      await page.goto(address);
      await mark(page, { kind: 'deploy', text: 'v2.4 live' });
      await expect(page).toHaveURL(/range=7d/);
      await expect(page.locator('.marks-fold > summary')).toHaveText(/▼\s*1 mark/);
      if (javaScriptEnabled) await expect(page.locator('.chart.alive')).toHaveCount(3);
      await expect(chart(page, javaScriptEnabled)).toContainText('▼ v2.4 live');
      await page.locator('#executions .numbers summary').click();
      await expect(page.locator('#executions tbody tr').first()).toContainText('Deploy: v2.4 live');
      await expect(page.locator('#durations .mark')).toHaveCount(1);

      await page.locator('.marks-fold > summary').click();
      await page.locator('.removal > summary').click();
      await page.getByRole('button', { name: 'Remove from all charts' }).click();
      await expect(page.locator('.marks-fold > summary')).toHaveText(/^\s*Mark\s*$/);
      await expect(page.locator('#executions')).not.toContainText('v2.4 live');
    });

    test('what makes no sense is told beside its field and stays typed', async ({ page, server }) => {
      await page.goto(server.address);
      await mark(page, { kind: 'incident', text: 'queue stuck', from: ago(30), to: ago(60) });
      await expect(page.locator('#mark-until-problem')).toHaveText(/The end has to be after the beginning/);
      await expect(page.getByLabel('In a few words')).toHaveValue('queue stuck');
      await expect(page.getByLabel('What', { exact: true })).toHaveValue('incident');
      await mark(page, { to: ago(10), text: ' ' });
      await expect(page.locator('#mark-text-problem')).toHaveText(/at most 200 characters/);
      await mark(page, { text: 'queue stuck' });
      await expect(page.locator('.marks-fold > summary')).toHaveText(/1 mark/);
      await page.locator('.marks-fold > summary').click();
      await expect(page.locator('.mark-when')).toContainText(' to ');
    });

    test('hostile text is shown as it is', async ({ page, server }) => {
      const text = `</script><img src=x onerror=alert(1)>{a|b}{b} "'&`;
      await page.goto(server.address);
      await mark(page, { kind: 'note', text });
      await page.locator('.marks-fold > summary').click();
      await expect(page.locator('.mark-text')).toHaveText(text);
      await expect(page.locator('.main img')).toHaveCount(0);
      await expect(chart(page, javaScriptEnabled)).toContainText('●');
    });
  });
}

test('a moment is picked, and keeps what was typed before there was a picker', async ({ page, server }) => {
  const arrive = await hold(page, '**/*.wasm');
  await page.goto(server.address, { waitUntil: 'commit' });
  await page.locator('.marks-fold > summary').click();
  await page.locator('#mark-at').fill(ago(30));
  await page.locator('#mark-until').fill('tomorrow');
  await arrive();
  await expect(page.locator('#mark-at')).toHaveAttribute('type', 'datetime-local');
  await expect(page.locator('#mark-at')).toHaveValue(/T/);
  await expect(page.locator('#mark-until')).toHaveAttribute('type', 'text');
  await mark(page, { text: 'too early' });
  await expect(page.locator('#mark-until-problem')).not.toBeEmpty();
  await expect(page.locator('#mark-until')).toHaveValue('tomorrow');
});

test('an open page shows a mark that a program makes, and keeps what is typed', async ({ page, server }) => {
  await openLive(page, server);
  await page.locator('.marks-fold > summary').click();
  await page.getByLabel('In a few words').fill('half a sen');
  const added = await page.request.post(`${server.address}/api/v1/annotations`, {
    ...fromPage(server),
    data: { kind: 'deploy', text: 'v3' },
  });
  expect(added.status()).toBe(201);
  await expect(chart(page, true)).toContainText('▼ v3');
  await expect(page.locator('.marks-list')).toContainText('v3');
  await expect(page.getByLabel('In a few words')).toHaveValue('half a sen');
  await expect(page.locator('#mark-at')).toHaveAttribute('type', 'datetime-local');
  await page.request.delete(server.address + added.headers().location, fromPage(server));
  await expect(chart(page, true)).not.toContainText('v3');
});

test('many marks stay legible, and anybody can use them', async ({ page, server }) => {
  const post = (data: object) => page.request.post(`${server.address}/api/v1/annotations`, { ...fromPage(server), data });
  const moment = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  for (let number = 0; number < 5; number += 1) {
    await post({ kind: number % 2 ? 'note' : 'deploy', text: `release ${number}`, at: moment(600 + 50 * number) });
  }
  await post({ kind: 'incident', text: 'The queue of outgoing messages was stuck', at: moment(400), until: moment(210) });
  await post({ kind: 'deploy', text: 'v2.5', at: moment(70) });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await openLive(page, server);
      await page.locator('#executions .numbers summary').click();
      await page.screenshot({ path: `screenshots/marks-${width}-${colorScheme}.png` });
      await page.locator('.marks-fold > summary').click();
      await page.locator('.removal > summary').first().click();
      await page.screenshot({ path: `screenshots/marks-open-${width}-${colorScheme}.png` });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `nothing sticks out at ${width} pixels`).toBeLessThanOrEqual(0);
    }
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  }
  const picture = await page.request.get(`${server.address}/export/executions.png?theme=dark`);
  await writeFile('screenshots/export-marks.png', await picture.body());
});
