// Logging in by an OpenID provider: a real one, on this machine.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { freePort, OpenIdProvider } from '../support/openid.ts';
import { Server, tidemark } from '../support/server.ts';
import { expect, test as base } from '../support/story.ts';

const ROLES = ['--anonymous', 'off', '--group-roles', 'ops=operator,platform=admin'];

type Given = {
  /** As whom the provider knows Tidemark: with a secret, or as a public client. */
  client: 'tidemark' | 'tidemark-public';
  provider: OpenIdProvider;
  port: number;
};

const test = base.extend<Given>({
  client: ['tidemark', { option: true }],
  port: async ({}, use) => use(await freePort()),
  provider: async ({ port }, use) => {
    const provider = await OpenIdProvider.for(`http://127.0.0.1:${port}`);
    provider.people['subject-1'] = { preferred_username: 'olga', email: 'olga@id.example', groups: ['staff', 'ops'] };
    await use(provider);
    await provider.close();
  },
  server: async ({ database, provider, port, client, serveArgs }, use) => {
    await tidemark(database.url, 'refresh');
    const secret = client === 'tidemark' ? [`--oidc-client-secret=${provider.secret}`] : [];
    const args = ['--public-url', `http://127.0.0.1:${port}`, '--oidc-issuer', provider.issuer, '--oidc-client-id', client];
    const server = await Server.startAt(`127.0.0.1:${port}`, database.url, [...serveArgs, ...args, ...secret]);
    await use(server);
    await server.stop();
    // Whatever happened, the log tells no secret.
    expect(server.log.join('')).not.toContain(provider.secret);
    expect(server.log.join('')).not.toMatch(/code=|eyJ[\w-]+\./);
  },
});

test.use({ as: 'nobody', serveArgs: ['--interval', '1h', ...ROLES] });

async function enter(page: Page, subject: string): Promise<void> {
  await page.getByRole('link', { name: 'Log in with OpenID' }).click();
  await page.getByLabel('Account').fill(subject);
  await page.getByRole('button', { name: 'Enter' }).click();
}

/** Nobody is logged in any more, neither here nor there. */
async function leave(page: Page, server: Server): Promise<void> {
  // An open page would go on asking, and be refused.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto(server.address + '/login');
}

test('an operator by group comes to what one wanted to see', async ({ page, server, provider, database }) => {
  await provider.open();
  await page.goto(server.address + '/failures?range=7d&type=rest');
  await enter(page, 'subject-1');
  await expect(page).toHaveURL(server.address + '/failures?range=7d&type=rest');
  await expect(page.getByRole('link', { name: 'olga' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Refresh' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Admin' })).toHaveCount(0);
  const cookies = await page.context().cookies(server.address);
  expect(cookies.find((cookie) => cookie.name === 'tidemark_oidc')).toBeUndefined();
  expect(cookies.find((cookie) => cookie.name === 'tidemark_session')).toMatchObject({ httpOnly: true, sameSite: 'Lax' });

  await leave(page, server);
  await enter(page, 'subject-1');
  await expect(page.getByRole('link', { name: 'olga' })).toBeVisible();
  const acts = await database.query(`select actor, target, after ->> 'role' as role, after ->> 'subject' as subject
    from tidemark.audit_log where act = 'user.add'`);
  const subject = `${provider.issuer} subject-1`;
  expect(acts, 'only the first time').toEqual([{ actor: 'olga', target: 'olga', role: 'operator', subject }]);
});

test.describe('as a public client of a provider that tells everything at once', () => {
  test.use({ client: 'tidemark-public' });

  test('an admin is one by another group, until the groups change', async ({ page, server, provider, database }) => {
    provider.tellsAllAtOnce = true;
    await provider.open();
    provider.people['subject-2'] = { email: 'ada@id.example', groups: ['platform'] };
    await page.goto(server.address + '/');
    await enter(page, 'subject-2');
    await expect(page.getByRole('link', { name: 'ada@id.example' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Admin' })).toBeVisible();

    await database.query(`insert into tidemark.users (name, source, role) values ('another', 'local', 'admin')`);
    provider.people['subject-2'].groups = ['ops'];
    await leave(page, server);
    await enter(page, 'subject-2');
    await expect(page.getByRole('button', { name: 'Refresh' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Admin' })).toHaveCount(0);
    const [act] = await database.query(`select before ->> 'role' as before, after ->> 'role' as after
      from tidemark.audit_log where act = 'user.change'`);
    expect(act).toEqual({ before: 'admin', after: 'operator' });
  });
});

test('one person stays one under another name, and nobody takes the name of another', async ({ page, server, provider, database }) => {
  await provider.open();
  await page.goto(server.address + '/login');
  await enter(page, 'subject-1');
  await expect(page.getByRole('link', { name: 'olga' })).toBeVisible();

  provider.people['subject-2'] = { preferred_username: 'Olga', groups: ['platform'] };
  await leave(page, server);
  await enter(page, 'subject-2');
  await expect(page.getByRole('alert')).toContainText('Somebody else here has the name');

  provider.people['subject-1'].preferred_username = 'olga.new';
  await leave(page, server);
  await enter(page, 'subject-1');
  await expect(page.getByRole('link', { name: 'olga.new' })).toBeVisible();
  const users = await database.query(`select name, role from tidemark.users where source = 'oidc'`);
  expect(users).toEqual([{ name: 'olga.new', role: 'operator' }]);

  await leave(page, server);
  await enter(page, 'subject-2');
  await expect(page.getByRole('link', { name: 'Olga', exact: true })).toBeVisible();
});

test.describe('where groups give all roles', () => {
  test.use({ serveArgs: ['--interval', '1h', ...ROLES, '--default-role', 'none'] });

  test('who has none is turned away', async ({ page, server, provider, database }) => {
    provider.people['subject-3'] = { preferred_username: 'nils', groups: ['staff'] };
    await provider.open();
    await page.goto(server.address + '/login');
    await enter(page, 'subject-3');
    await expect(page.getByRole('alert')).toContainText('No group of this account may look');
    await page.goto(server.address + '/');
    await expect(page.getByRole('heading', { name: 'Log in to Tidemark' })).toBeVisible();
    expect(await database.query('select name from tidemark.users')).toEqual([]);
  });
});

test('who is kept out is turned away', async ({ page, server, provider, database }) => {
  await provider.open();
  await page.goto(server.address + '/login');
  await enter(page, 'subject-1');
  await expect(page.getByRole('link', { name: 'olga' })).toBeVisible();
  await leave(page, server);
  await database.query(`update tidemark.users set is_disabled = true where name = 'olga'`);
  await enter(page, 'subject-1');
  await expect(page.getByRole('alert')).toContainText('keeps this account out');
  await page.goto(server.address + '/');
  await expect(page.getByRole('heading', { name: 'Log in to Tidemark' })).toBeVisible();
});

test('an answer that belongs to no login of this browser is refused, and one that says no', async ({ page, server, provider }) => {
  await provider.open();
  const stray = page.getByRole('alert').getByText('This login was not begun in this browser');
  await page.goto(server.address + '/login/oidc/callback?state=guess&code=guess');
  await expect(stray).toBeVisible();

  await page.goto(server.address + '/failures');
  const sent = page.waitForRequest((request) => request.url().startsWith(provider.issuer));
  await page.getByRole('link', { name: 'Log in with OpenID' }).click();
  const { searchParams: asked } = new URL((await sent).url());
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect([asked.get('state')?.length, asked.get('nonce')?.length, asked.get('scope')]).toEqual([43, 43, 'openid profile email groups']);
  await page.goto(server.address + '/login/oidc/callback?state=guess&code=guess');
  await expect(stray).toBeVisible();
  await page.goto(server.address + `/login/oidc/callback?state=${asked.get('state')}&code=guess`);
  await expect(stray, 'the errand is used up').toBeVisible();

  await page.goto(server.address + '/failures');
  await page.getByRole('link', { name: 'Log in with OpenID' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('alert')).toHaveText('The OpenID provider did not let you in: access_denied.');
  await enter(page, 'subject-1');
  await expect(page, 'one still comes to what one wanted').toHaveURL(server.address + '/failures');
});

test('a provider that is away is told of, found again, and believed with a new key', async ({ page, server, provider }) => {
  await page.goto(server.address + '/login');
  const link = page.getByRole('link', { name: 'Log in with OpenID' });
  await link.click();
  await expect(page.getByRole('alert')).toHaveText('The OpenID provider does not answer: try again in a moment.');
  await expect(page.getByLabel('Password')).toBeVisible();
  await page.screenshot({ path: 'screenshots/login-openid.png' });
  expect((await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()).violations).toEqual([]);

  await provider.open();
  await expect(async () => {
    await link.click();
    await expect(page.getByLabel('Account')).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.goto(server.address + '/login');
  await enter(page, 'subject-1');
  await expect(page.getByRole('link', { name: 'olga' })).toBeVisible();

  await provider.close();
  await provider.open();
  // So long keys that were just read are not read again.
  await page.waitForTimeout(3_000);
  await leave(page, server);
  await enter(page, 'subject-1');
  await expect(page.getByRole('link', { name: 'olga' })).toBeVisible();
});
