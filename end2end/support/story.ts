// What every story starts from: a database, a server over it, and a page that must not complain.
import { createHash, randomBytes } from 'node:crypto';
import { test as base, expect, type BrowserContext, type Page, type Route } from '@playwright/test';
import { Database } from './database.ts';
import { importFlights, Server, tidemark } from './server.ts';

/** What somebody may do; nobody has not logged in. */
type Role = 'nobody' | 'viewer' | 'operator' | 'admin';

type Given = {
  /** As whom the page is looked at. */
  as: Role;
  /** What the database holds before the server starts. */
  data: 'flights' | 'nothing';
  /** Further settings of the server. */
  serveArgs: string[];
  database: Database;
  server: Server;
};

export const test = base.extend<Given>({
  data: ['flights', { option: true }],
  serveArgs: [['--interval', '1h'], { option: true }],
  as: ['operator', { option: true }],
  database: async ({}, use) => {
    const database = await Database.create();
    await use(database);
    await database.drop();
  },
  server: async ({ database, data, serveArgs }, use) => {
    if (data === 'flights') {
      await importFlights(database.url);
      // Its last flight left a minute ago, on whatever day a story runs.
      await database.query(
        `update action_results set executed_at = executed_at + (now() - interval '1 minute' - newest.moment)
         from (select max(executed_at) as moment from action_results) as newest`,
      );
    }
    await tidemark(database.url, 'refresh');
    const server = await Server.start(database.url, ...serveArgs);
    await use(server);
    await server.stop();
  },
  // Every page of every story: a script error or anything that the Content-Security-Policy refused fails the story.
  page: async ({ page, database, server, as }, use) => {
    if (as !== 'nobody') {
      await logIn(page.context(), database, server, as);
    }
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // What a story brings about on purpose: a server that is away, a form that is refused, and the address that shows nothing.
      const expected = /ERR_CONNECTION|ERR_INCOMPLETE|ERR_FAILED|status of 5|status of 422/.test(message.text());
      if (message.type() === 'error' && !expected && !message.location().url.endsWith('/nowhere')) {
        complaints.push(message.text());
      }
    });
    await use(page);
    expect(complaints).toEqual([]);
  },
});

export { expect };

/** Gives a browser the session of somebody of this role, as if they had logged in before. */
export async function logIn(context: BrowserContext, database: Database, server: Server, role: Role): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(token).digest('hex');
  await database.query(
    `with somebody as (
       insert into tidemark.users (name, source, role) values ($1, 'local', $2)
       on conflict (source, lower(name)) do update set role = excluded.role
       returning id
     )
     insert into tidemark.sessions (token_hash, user_id, address, agent)
     select decode($3, 'hex'), id, '127.0.0.1', 'story' from somebody`,
    [`the ${role}`, role, hash],
  );
  await context.addCookies([{ name: 'tidemark_session', value: token, url: server.address, httpOnly: true, sameSite: 'Lax' }]);
}

/** What a page says with everything that it changes. */
export function fromPage(server: Server): { headers: { origin: string } } {
  return { headers: { origin: server.address } };
}

/** Keeps a file from arriving until what is returned is called, which waits until the page has asked for the file. */
export async function hold(page: Page, file: string): Promise<() => Promise<void>> {
  const held = new Promise<Route>((resolve) => void page.route(file, resolve, { times: 1 }));
  return async () => (await held).continue();
}

/** Opens a page, the overview unless told otherwise, and waits until its scripts run and all its charts are alive. */
export async function openLive(page: Page, server: Server, address = '/'): Promise<void> {
  await page.goto(server.address + address);
  await expect(page.locator('.chart.alive').first()).toBeVisible();
  await expect(page.locator('.chart:not(.alive)')).toHaveCount(0);
}

/** The number under a name at the head of the overview. */
export function figure(page: Page, name: string) {
  return page.locator('.figure', { hasText: name }).locator('.value');
}

/** Adds an action that ran `secondsAgo`. */
export async function run(database: Database, status: string, secondsAgo = 1, error: string | null = null): Promise<void> {
  await database.query(
    `insert into action_results (job_id, action_type, status, executed_at, duration_ms, error_message)
     values ('story', 'rest', $1, now() - make_interval(secs => $2), 120, $3)`,
    [status, secondsAgo, error],
  );
}
