// A kind of error is resolved with a note, comes back with the next failure like it, and is opened again.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Server } from '../support/server.ts';
import { expect, fromPage, run, test } from '../support/story.ts';

test.use({ data: 'nothing' });

/** The page of what failed as "refused". */
async function openKind(page: Page, server: Server): Promise<void> {
  await page.goto(`${server.address}/failures?range=7d`);
  await page.locator('#errors').getByRole('link', { name: 'refused' }).click();
  await expect(page.locator('h1')).toHaveText('refused');
}

const state = (page: Page) => page.locator('.resolution .tag');
const stateInList = (page: Page) => page.locator('#errors').getByRole('row', { name: /refused/ }).locator('.tag');

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('an operator resolves an error, it comes back, and is opened again', async ({ page, database, server }) => {
      await run(database, 'failed', 60, 'refused');
      await run(database, 'failed', 60, 'timeout');
      await openKind(page, server);
      await expect(state(page)).toHaveText('○open');
      await page.getByLabel('Note').fill('fixed in <b>2.4</b>');
      await page.getByRole('button', { name: 'Mark as resolved' }).click();
      await expect(page).toHaveURL(/\/failures\/1-[0-9a-f]{16}\?range=7d$/);
      await expect(state(page)).toHaveText('●resolved');
      await expect(page.locator('.resolution')).toContainText('resolved by the operator on');
      await expect(page.locator('.resolution-note')).toHaveText('fixed in <b>2.4</b>');
      await expect(page.getByRole('button', { name: 'Mark as resolved' })).toHaveCount(0);
      await page.getByRole('link', { name: '← All failures' }).click();
      await expect(stateInList(page)).toHaveText('●resolved');
      await expect(page.locator('#errors .sentence')).toContainText('; 1 is resolved.');
      const file = await page.request.get(`${server.address}/export/failures/errors.csv?range=7d`);
      expect(await file.text()).toContain('refused,resolved,1');

      await run(database, 'failed', 0, 'refused');
      await expect(async () => {
        if (!javaScriptEnabled) await page.reload();
        await expect(stateInList(page)).toHaveText('▲came back', { timeout: 1000 });
      }).toPass();
      await expect(page.locator('#errors .sentence')).toContainText('; 1 came back.');
      await openKind(page, server);
      await expect(page.locator('.resolution')).toContainText('came back after the operator resolved it on');
      await expect(page.getByRole('button', { name: 'Mark as resolved again' })).toBeVisible();
      await page.getByRole('button', { name: 'Open it again' }).click();
      await expect(state(page)).toHaveText('○open');
      await expect(page.getByRole('button', { name: 'Open it again' })).toHaveCount(0);
      const acts = await database.query('select actor, act, before, after from tidemark.audit_log order by id');
      expect(acts).toMatchObject([
        { actor: 'the operator', act: 'error.resolve', before: null, after: { note: 'fixed in <b>2.4</b>' } },
        { actor: 'the operator', act: 'error.reopen', before: { resolved_by: 'the operator' }, after: null },
      ]);
    });

    test('a note that makes no sense is told beside its field and stays typed', async ({ page, database, server }) => {
      await run(database, 'failed', 60, 'refused');
      await openKind(page, server);
      const note = page.getByLabel('Note');
      if (javaScriptEnabled) await note.evaluate((field) => field.removeAttribute('maxlength'));
      const answer = await page.request.post(page.url(), { ...fromPage(server), form: { does: 'resolve', note: 'x'.repeat(201) } });
      expect(answer.status()).toBe(422);
      expect(await answer.text()).toContain('These are 201 characters; at most 200 fit.');
      if (!javaScriptEnabled) return;
      await note.fill('x'.repeat(201));
      await page.getByRole('button', { name: 'Mark as resolved' }).click();
      await expect(page.locator('#resolution-note-problem')).toHaveText('These are 201 characters; at most 200 fit.');
      // What comes meanwhile takes nothing away.
      await run(database, 'failed', 1, 'refused');
      await expect(page.locator('#kind .sentence')).toContainText('2 failures');
      await expect(note).toHaveValue('x'.repeat(201));
      await expect(page.locator('#resolution-note-problem')).toHaveText(/at most 200 fit/);
      await note.fill('shorter');
      await page.getByRole('button', { name: 'Mark as resolved' }).click();
      await expect(page.locator('.resolution-note')).toHaveText('shorter');
    });
  });
}

test('an open page follows what somebody else says', async ({ page, database, server }) => {
  await run(database, 'failed', 60, 'refused');
  await openKind(page, server);
  await expect(page.locator('.chart.alive')).toHaveCount(1);
  await page.request.post(page.url(), { ...fromPage(server), form: { does: 'resolve', note: '' } });
  await expect(state(page)).toHaveText('●resolved');
  await database.query('delete from tidemark.resolved_errors');
  await expect(state(page)).toHaveText('○open');
});

test.describe('a viewer', () => {
  test.use({ as: 'viewer' });

  test('sees what is resolved, no form, and is refused', async ({ page, database, server }) => {
    await run(database, 'failed', 60, 'refused');
    await openKind(page, server);
    await expect(state(page)).toHaveText('○open');
    await expect(page.locator('.resolution-form')).toHaveCount(0);
    const forced = await page.request.post(page.url(), { ...fromPage(server), form: { does: 'resolve', note: 'mine' } });
    expect(forced.status()).toBe(403);
    expect(await database.query('select * from tidemark.resolved_errors')).toEqual([]);
  });
});

test.describe('an admin', () => {
  test.use({ as: 'admin' });

  test('finds in the audit log what was resolved, marked and refreshed', async ({ page, database, server }) => {
    await run(database, 'failed', 60, 'refused');
    await openKind(page, server);
    await page.getByRole('button', { name: 'Mark as resolved' }).click();
    await expect(state(page)).toHaveText('●resolved');
    await page.locator('.marks-fold > summary').click();
    await expect(page.locator('.mark-form')).toContainText('Everybody who may look sees it.');
    await page.getByLabel('In a few words').fill('v2.4');
    await page.getByRole('button', { name: 'Mark on all charts' }).click();
    await page.locator('.marks-fold > summary').click();
    await page.locator('.removal > summary').click();
    await page.getByRole('button', { name: 'Remove from all charts' }).click();
    await expect(page.locator('.marks-fold > summary')).toHaveText(/^\s*Mark\s*$/);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(page.getByText('refreshed in')).toBeVisible();
    await page.goto(`${server.address}/admin/audit`);
    const acts = page.locator('tbody tr');
    await expect(acts).toHaveCount(5);
    for (const [place, act] of ['refresh.end', 'refresh.run', 'annotation.remove', 'annotation.add', 'error.resolve'].entries()) {
      await expect(acts.nth(place)).toContainText(act);
      await expect(acts.nth(place)).toContainText('the admin');
    }
    const [newest] = await database.query('select asked_by from tidemark.refresh_log order by run_id desc limit 1');
    expect(newest.asked_by).toBe('the admin');
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing is wrong for screen readers and nothing sticks out, ${colorScheme}`, async ({ page, database, server }) => {
    await page.emulateMedia({ colorScheme });
    const errors = ['refused', 'timeout after 3 s', 'timeout after 4 s', 'connection reset by peer'];
    for (const error of errors) await run(database, 'failed', 60, error);
    await openKind(page, server);
    const kind = page.url();
    const look = async (name: string) => {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: `screenshots/resolution-${name}-${width}-${colorScheme}.png`, fullPage: true });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${name} at ${width} pixels`).toBeLessThanOrEqual(0);
      }
      const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
      expect(found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
    };
    await look('open');
    await page.getByLabel('Note').fill('The pool of connections was too small; 2.4 has a larger one.');
    await page.getByRole('button', { name: 'Mark as resolved' }).click();
    await expect(state(page)).toHaveText('●resolved');
    await look('resolved');
    await page.goto(`${server.address}/failures?range=7d`);
    await page.locator('#errors').getByRole('link', { name: 'connection reset' }).click();
    await page.getByRole('button', { name: 'Mark as resolved' }).click();
    await expect(state(page)).toHaveText('●resolved');
    await run(database, 'failed', 0, 'refused');
    await page.goto(kind);
    await expect(state(page)).toHaveText('▲came back');
    await look('came-back');
    await page.goto(`${server.address}/failures?range=7d`);
    await look('list');
  });
}
