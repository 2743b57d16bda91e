// Who may look, who may act: logging in, roles, links that work once, keys, and what admins see to.
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { expect, logIn, openLive, test } from '../support/story.ts';
import { expectGoodLooks } from '../support/looks.ts';
import { tidemark } from '../support/server.ts';

const PASSWORD = 'correct horse battery';

async function choosePassword(page: Page, link: string, name?: string): Promise<void> {
  await page.goto(link);
  if (name) {
    await page.getByLabel('Name').fill(name);
  }
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in with it' }).click();
}

async function typeLogin(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function stranger(browser: Browser): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext();
  return [context, await context.newPage()];
}

test.describe('where looking needs a login', () => {
  test.use({ as: 'nobody', serveArgs: ['--interval', '1h', '--anonymous', 'off'] });

  test('the first admin comes by the printed link, and nobody else does by it', async ({ page, server, browser }) => {
    await expect.poll(() => server.invitation).toContain('/invitations/');
    await choosePassword(page, server.invitation, 'Anna');
    await expect(page).toHaveURL(server.address + '/');
    await expect(page.getByRole('link', { name: 'Anna' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Admin' })).toBeVisible();
    const [context, other] = await stranger(browser);
    await other.goto(server.invitation);
    await expect(other.getByText('This link was used already')).toBeVisible();
    await context.close();
  });

  test('one logs in, and comes to what one wanted to see', async ({ page, server }) => {
    await expect.poll(() => server.invitation).toContain('/invitations/');
    await choosePassword(page, server.invitation, 'Anna');
    await page.goto(server.address + '/account');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Log in to Tidemark' })).toBeVisible();

    await page.goto(server.address + '/failures?range=7d');
    await typeLogin(page, 'anna', 'something else');
    await expect(page.getByRole('alert')).toHaveText('This name and this password do not belong together.');
    await expect(page.getByLabel('Name')).toHaveValue('anna');
    await typeLogin(page, 'anna', PASSWORD);
    await expect(page).toHaveURL(server.address + '/failures?range=7d');
  });

  test('guessing slows strangers down, never a browser that is known', async ({ page, server, browser }) => {
    test.setTimeout(120_000);
    await expect.poll(() => server.invitation).toContain('/invitations/');
    await choosePassword(page, server.invitation, 'Anna');
    await page.goto(server.address + '/account');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    const [context, guesser] = await stranger(browser);
    await guesser.goto(server.address + '/login');
    for (let guess = 0; guess < 10; guess += 1) {
      await typeLogin(guesser, 'Anna', `guess number ${guess}`);
      await expect(guesser.getByRole('alert')).toContainText('do not belong together');
    }
    await typeLogin(guesser, 'Anna', PASSWORD);
    await expect(guesser.getByRole('alert')).toContainText('Too many logins failed lately');
    await context.close();
    await typeLogin(page, 'Anna', PASSWORD);
    await expect(page.getByRole('link', { name: 'Anna' })).toBeVisible();
  });

  test('signing out everywhere ends the other browser too, and a new password does', async ({ page, server, browser }) => {
    await expect.poll(() => server.invitation).toContain('/invitations/');
    await choosePassword(page, server.invitation, 'Anna');
    const [context, other] = await stranger(browser);
    await other.goto(server.address + '/login');
    await typeLogin(other, 'Anna', PASSWORD);
    await expect(other.getByRole('link', { name: 'Anna' })).toBeVisible();

    await page.goto(server.address + '/account');
    await page.getByLabel('The password so far').fill(PASSWORD);
    await page.getByLabel('The new one').fill('another good one');
    await page.getByLabel('The same again').fill('not the same');
    await page.getByRole('button', { name: 'Change' }).click();
    await expect(page.getByText('Write the same password once more.')).toBeVisible();
    await page.getByLabel('The password so far').fill(PASSWORD);
    await page.getByLabel('The new one').fill('another good one');
    await page.getByLabel('The same again').fill('another good one');
    await page.getByRole('button', { name: 'Change' }).click();
    await expect(page.getByRole('status')).toContainText('every other session has ended');
    await other.goto(server.address + '/');
    await expect(other.getByRole('heading', { name: 'Log in to Tidemark' })).toBeVisible();

    await typeLogin(other, 'Anna', 'another good one');
    await expect(other.getByRole('link', { name: 'Anna' })).toBeVisible();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await other.goto(server.address + '/');
    await expect(other.getByRole('heading', { name: 'Log in to Tidemark' })).toBeVisible();
    await context.close();
  });
});

test.describe('a viewer', () => {
  test.use({ as: 'viewer' });

  test('looks, and is offered nothing else', async ({ page, server }) => {
    await openLive(page, server);
    await expect(page.getByRole('button', { name: 'Refresh' })).toHaveCount(0);
    await expect(page.locator('.marks-fold')).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Admin' })).toHaveCount(0);
    const answer = await page.request.get(server.address + '/admin/users');
    expect(answer.status()).toBe(403);
    const refresh = await page.request.post(server.address + '/api/refresh', { headers: { origin: server.address } });
    expect(refresh.status()).toBe(403);
  });
});

test('an operator refreshes and marks, under a name', async ({ page, server }) => {
  await openLive(page, server);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByText('refreshed in')).toBeVisible();
  await expect(page.getByRole('link', { name: 'the operator' })).toBeVisible();
  expect((await page.request.get(server.address + '/admin/audit')).status()).toBe(403);
});

test.describe('an admin', () => {
  test.use({ as: 'admin' });

  test('lets somebody in, changes what they may, and keeps them out again', async ({ page, server, browser }) => {
    await page.goto(server.address + '/admin/users');
    const add = page.locator('#add');
    await add.getByLabel('Name').fill('the ADMIN');
    await add.getByRole('button').click();
    await expect(add.getByText('Write another name: somebody has this one.')).toBeVisible();
    await add.getByLabel('Name').fill('Ben');
    await add.getByLabel('Role').selectOption('operator');
    await add.getByRole('button').click();
    const link = (await page.locator('.secret').textContent()) ?? '';
    expect(link).toContain('/invitations/');

    const [context, ben] = await stranger(browser);
    await choosePassword(ben, link);
    await expect(ben.getByRole('link', { name: 'Ben' })).toBeVisible();
    await expect(ben.getByRole('button', { name: 'Refresh' })).toBeVisible();

    const row = page.getByRole('row', { name: /Ben/ });
    await row.getByText('Change', { exact: true }).click();
    await row.getByLabel('Only these organizations').fill('delta-air-lines-inc, nowhere');
    await row.getByRole('button', { name: 'Save' }).click();
    await expect(row.getByText('not “nowhere”')).toBeVisible();
    await expect(row.getByLabel('Only these organizations')).toHaveValue('delta-air-lines-inc, nowhere');
    await expect(add.getByLabel('Only these organizations')).toHaveValue('');
    await row.getByLabel('Only these organizations').fill('delta-air-lines-inc');
    await row.getByLabel('Kept out').check();
    await row.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status').getByText('Ben was changed.')).toBeVisible();
    await ben.goto(server.address + '/account');
    await expect(ben.getByRole('heading', { name: 'Log in to Tidemark' })).toBeVisible();
    await context.close();

    await page.goto(server.address + '/admin/audit');
    await expect(page.getByRole('row', { name: /user.change Ben/ })).toContainText('the admin');
    await page.getByLabel('Only with').fill('user.add');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.locator('tbody tr')).toHaveCount(1);
  });

  test('the last admin stays one', async ({ page, server }) => {
    await page.goto(server.address + '/admin/users');
    const row = page.getByRole('row', { name: /the admin/ });
    await row.getByText('Change', { exact: true }).click();
    await row.getByLabel('Role').selectOption('viewer');
    await row.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('alert')).toContainText('the last admin and stays one');
  });

  test('makes a key that opens what it is for until it is revoked', async ({ page, server, playwright }) => {
    await page.goto(server.address + '/admin/keys');
    const add = page.locator('#add');
    await add.getByLabel('What it is for').fill('deploys');
    await add.getByLabel('Role').selectOption('operator');
    await add.getByLabel('Good for days').fill('0');
    await add.getByRole('button').click();
    await expect(add.getByText('Write a whole number from 1 to 366.')).toBeVisible();
    await add.getByLabel('Good for days').fill('30');
    await add.getByLabel('Only these organizations').fill('nowhere');
    await add.getByRole('button').click();
    await expect(add.getByText('Write ids of organizations that this database knows, not “nowhere”.')).toBeVisible();
    await add.getByLabel('Only these organizations').fill('');
    await add.getByRole('button').click();
    const key = (await page.locator('.secret').textContent()) ?? '';
    const program = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${key}` } });
    const mark = { data: { kind: 'deploy', text: 'v1' } };
    expect((await program.post(server.address + '/api/v1/annotations', mark)).status()).toBe(201);
    expect((await program.get(server.address + '/admin/users')).status()).toBe(403);
    await page.getByLabel('About to revoke deploys').click();
    await page.getByRole('button', { name: 'Revoke deploys' }).click();
    await expect(page.getByRole('status')).toContainText('opens nothing any more');
    expect((await program.post(server.address + '/api/v1/annotations', mark)).status()).toBe(401);
    await program.dispose();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`nothing is wrong for screen readers and nothing sticks out, ${colorScheme}`, async ({ page, server }) => {
      await expectGoodLooks(page, server, ['/admin/users', '/admin/keys', '/admin/audit', '/account', '/login', '/invitations/none'], colorScheme);
    });
  }
});

test.describe('behind a proxy that says who asks', () => {
  const args = ['--anonymous', 'off', '--trusted-proxies', '127.0.0.1', '--proxy-user-header', 'x-forwarded-user'];
  const groups = ['--proxy-groups-header', 'x-groups', '--group-roles', 'ops=operator,platform=admin'];
  test.use({ as: 'nobody', serveArgs: ['--interval', '1h', ...args, ...groups] });

  test('one is who it says, with what one may by group', async ({ browser, server }) => {
    const context = await browser.newContext({ extraHTTPHeaders: { 'x-forwarded-user': 'cleo', 'x-groups': 'staff, ops' } });
    const page = await context.newPage();
    await openLive(page, server);
    await expect(page.getByRole('link', { name: 'cleo' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Refresh' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Admin' })).toHaveCount(0);
    await context.setExtraHTTPHeaders({ 'x-forwarded-user': 'cleo', 'x-groups': 'platform' });
    await page.reload();
    await expect(page.getByRole('link', { name: 'Admin' })).toBeVisible();
    await context.close();
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false, as: 'nobody' });

  test('one logs in and out all the same', async ({ page, server, database }) => {
    await logIn(page.context(), database, server, 'viewer');
    await page.goto(server.address + '/');
    await page.getByRole('link', { name: 'the viewer' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Log in to Tidemark' })).toBeVisible();
  });
});

test('who sees one organization sees nothing of the others', async ({ database, server, playwright, browser }) => {
  const printed = await tidemark(database.url, 'key', 'add', 'delta', '--organizations', 'delta-air-lines-inc');
  const key = /tdmk_\S+/.exec(printed)?.[0];
  const headers = { authorization: `Bearer ${key}` };
  const context = await browser.newContext({ extraHTTPHeaders: headers });
  const page = await context.newPage();
  await page.goto(server.address + '/organizations?range=30d');
  await expect(page.locator('#usage tbody tr')).toHaveCount(1);
  await page.goto(server.address + '/triggers');
  await expect(page.locator('#trigger-list .sentence')).toContainText('55 triggers that fit');
  const [other] = await database.query(
    `select id from triggers where organization_id <> 'delta-air-lines-inc' order by id limit 1`,
  );
  expect(await page.content()).not.toContain(other.id);
  const answer = await page.goto(`${server.address}/triggers/${encodeURIComponent(other.id)}`);
  expect(answer?.status()).toBe(404);
  const program = await playwright.request.newContext({ extraHTTPHeaders: headers });
  const file = await (await program.get(`${server.address}/export/triggers/trigger-list.csv`)).text();
  expect(file.trim().split('\n')).toHaveLength(1 + 55);
  const [run] = await database.query(
    `select run.id from action_results as run join triggers on triggers.id = run.trigger_id
     where run.error_message is not null and triggers.organization_id <> 'delta-air-lines-inc' limit 1`,
  );
  expect((await program.get(`${server.address}/executions/${run.id}/message`)).status()).toBe(404);
  await program.dispose();
  await context.close();
});
