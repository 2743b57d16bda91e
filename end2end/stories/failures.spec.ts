// Failures: counted by time, grouped by what they say, searched, paged, and shown whole whatever is in them.
import AxeBuilder from '@axe-core/playwright';
import type { Database } from '../support/database.ts';
import { expect, run, test } from '../support/story.ts';

test.use({ data: 'nothing' });

/** 120 failures, one a minute: two of three time out after other seconds each time, and every other is mail. */
async function fail(database: Database): Promise<void> {
  await database.query(`insert into triggers (id, name) select 't' || n, 'Trigger ' || n from generate_series(0, 3) as n`);
  await database.query(
    `insert into action_results (id, job_id, trigger_id, action_type, status, executed_at, error_message, response_data)
     select 'f' || lpad(n::text, 3, '0'), 'job-' || n, 't' || n % 4, case when n % 2 = 0 then 'mail' else 'rest' end, 'failed',
       now() - n * interval '1 minute', case when n % 3 = 0 then 'refused' else 'timeout after ' || n || ' s' end,
       case when n = 7 then '{"order": 9007199254740993, "nested": {"reason": "the needle"}}'::jsonb end
     from generate_series(1, 120) as n`,
  );
  await database.query(
    `insert into action_results (id, job_id, trigger_id, action_type, status, executed_at)
     select 's' || n, 'job', 't0', 'rest', 'success', now() - n * interval '1 minute' from generate_series(1, 200) as n`,
  );
}

const hostile = `<img src=x onerror=alert(1)> \u202egpj.exe \u001b[31m \\u0000 'q'</pre></script>`;

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('failures are grouped by what they say, and a kind has a page of its own', async ({ page, database, server }) => {
      await fail(database);
      await page.goto(`${server.address}/failures`);
      await expect(page.locator('#by-time .sentence')).toContainText('120 failures in the last 24 hours');
      await expect(page.locator('#errors .sentence')).toHaveText('2 kinds among 120 failures; 66.7% say “timeout after <n> s”.');
      await expect(page.locator('#errors tbody tr')).toHaveCount(2);
      await expect(page.locator('#errors svg.trend')).toHaveCount(2);
      await page.locator('#errors').getByRole('link', { name: 'timeout after <n> s' }).click();
      await expect(page).toHaveURL(/\/failures\/1-[0-9a-f]{16}$/);
      await expect(page.locator('h1')).toHaveText('timeout after <n> s');
      await expect(page.locator('#kind .sentence')).toContainText('80 failures of 4 triggers');
      await expect(page.locator('.samples li')).toHaveCount(3);
      await expect(page.locator('#rows .run')).toHaveCount(50);
      await page.getByRole('link', { name: '← All failures' }).click();
      await expect(page.locator('#errors')).toBeVisible();
    });

    test('pages follow one another, whatever comes meanwhile', async ({ page, database, server }) => {
      await fail(database);
      await page.goto(`${server.address}/failures?type=mail`);
      const ids = () => page.locator('#rows .run').evaluateAll((runs) => runs.map((run) => run.id));
      await expect(page.locator('#rows .sentence')).toHaveText('The newest 50 of 60 failures.');
      const first = await ids();
      await run(database, 'failed');
      await page.getByRole('link', { name: 'Older ones' }).click();
      await expect(page).toHaveURL(/type=mail&after=[\w-]+#rows$/);
      const second = await ids();
      expect(second).toHaveLength(10);
      expect(new Set([...first, ...second]).size).toBe(60);
      await page.getByRole('link', { name: 'The newest' }).click();
      await expect(page).toHaveURL(/\/failures\?type=mail#rows$/);
    });

    test('a text is found in messages and responses, which unfold with every digit', async ({ page, database, server }) => {
      await fail(database);
      await page.goto(`${server.address}/failures`);
      await page.getByLabel('Search').fill('the needle');
      await page.getByLabel('Search').press('Enter');
      await expect(page).toHaveURL(/\/failures\?.*q=the(\+|%20)needle/);
      await expect(page.locator('#rows .run')).toHaveCount(1);
      await expect(page.locator('#by-time .sentence')).toContainText('1 failure with “the needle”');
      const response = page.locator('#rows .run-fold');
      await expect(response.locator('.json')).toBeHidden();
      await response.locator('> summary').click();
      await expect(response.getByText('"order": 9007199254740993')).toBeVisible();
      await expect(response.getByText('the needle')).toBeHidden();
      await response.getByText('"nested": {').click();
      await expect(response.getByText('the needle')).toBeVisible();
    });

    test('hostile and huge texts are shown safely and whole', async ({ page, database, server }) => {
      await run(database, 'failed', 5, hostile);
      await run(database, 'failed', 6, `${'long '.repeat(400_000)}the end`);
      await page.goto(`${server.address}/failures`);
      await expect(page.locator('#rows .run')).toHaveCount(2);
      const message = page.locator('#rows pre').first();
      await expect(message).toHaveText(`<img src=x onerror=alert(1)> ⟨U+202E⟩gpj.exe ⟨U+001B⟩[31m \\u0000 'q'</pre></script>`);
      expect(await page.locator('img').count()).toBe(0);
      const whole = page.getByRole('link', { name: 'The whole message, 1.9 MB' });
      const answer = await page.request.get(server.address + (await whole.getAttribute('href')));
      expect(answer.headers()['content-type']).toBe('text/plain; charset=utf-8');
      expect(answer.headers()['content-security-policy']).toContain('sandbox');
      expect((await answer.text()).endsWith('the end')).toBe(true);
    });

    test('what makes no sense is said', async ({ page, server, database }) => {
      await fail(database);
      await page.goto(`${server.address}/failures?after=banana&q=x`);
      await expect(page.locator('.problems')).toContainText('“after=banana” makes no sense');
      await page.goto(`${server.address}/failures/banana`);
      await expect(page.locator('#kind .sentence')).toContainText('no name of a kind of error');
    });
  });
}

test('from a bar of a chart to its rows, filters kept', async ({ page, database, server }) => {
  await fail(database);
  await page.goto(`${server.address}/failures?q=timeout&compare=1`);
  await expect(page.locator('.chart.alive')).toHaveCount(2);
  const box = await page.locator('#by-time .chart-alive').boundingBox();
  // The right end: the hour before this one, whole.
  const before = await page.locator('#by-time .numbers tbody tr').nth(1).locator('td').first().textContent();
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) * (1 - 1.5 / 25), (box?.y ?? 0) + 205);
  await expect(page).toHaveURL(/\/failures\?range=[\dTZ:.-]+&q=timeout&compare=1#rows$/);
  await expect(page.locator('#rows .run')).toHaveCount(Math.min(50, Number(before)));
});

test('a row of another status is shown where a link asks for it', async ({ page, database, server }) => {
  await fail(database);
  await page.goto(`${server.address}/failures?status=success`);
  await expect(page.locator('#by-time h2')).toHaveText('Successful runs per hour');
  await expect(page.locator('#rows .ended-success')).toHaveCount(50);
  await expect(page.locator('#errors')).toHaveCount(0);
});

test('a new failure appears, and what is unfolded stays', async ({ page, database, server }) => {
  await fail(database);
  await page.goto(`${server.address}/failures`);
  await expect(page.locator('.chart.alive')).toHaveCount(2);
  const response = page.locator('#run-f007 .run-fold');
  await response.locator('> summary').click();
  await run(database, 'failed', 1, 'brand new');
  await expect(page.locator('#rows .run').first()).toContainText('brand new');
  await expect(page.locator('#by-time .sentence')).toContainText('121 failures');
  await expect(response).toHaveAttribute('open', '');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing is wrong for screen readers and nothing sticks out, ${colorScheme}`, async ({ page, database, server }) => {
    await fail(database);
    await run(database, 'failed', 5, hostile);
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const [name, address] of [['failures', '/failures?compare=1'], ['search', '/failures?q=needle']]) {
        await page.goto(server.address + address);
        await expect(page.locator('.chart.alive')).toHaveCount(2);
        if (name === 'search') await page.locator('#rows .run-fold > summary').click();
        await page.screenshot({ path: `screenshots/${name}-${width}-${colorScheme}.png`, fullPage: true });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `nothing sticks out at ${width} pixels`).toBeLessThanOrEqual(0);
      }
      await page.goto(`${server.address}/failures`);
      await page.locator('#errors').getByRole('link', { name: 'refused' }).click();
      await expect(page.locator('.chart.alive')).toHaveCount(1);
      await page.screenshot({ path: `screenshots/failure-${width}-${colorScheme}.png`, fullPage: true });
      if (width !== 1024) {
        for (const address of ['/failures', page.url().slice(server.address.length)]) {
          await page.goto(server.address + address);
          const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
          expect(found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
        }
      }
    }
  });
}
