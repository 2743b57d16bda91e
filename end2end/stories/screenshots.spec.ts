// Pictures to look at: every width and theme, with scripts and without, and the states of the page.
import { expect, openLive, test } from '../support/story.ts';

const widths = [1440, 1024, 390];
const themes = ['light', 'dark'] as const;

/** Each page by the name of its pictures; some are found by a link of another one. */
const pages: [name: string, address: string, link?: string][] = [
  ['overview', '/'],
  ['actions', '/actions?range=7d&by=type&compare=1'],
  ['triggers', '/triggers'],
  ['trigger', '/triggers', '#trigger-list tbody th a'],
  ['failures', '/failures?range=7d'],
  ['failure', '/failures?range=7d', '#errors tbody a[href^="/failures/"]'],
  ['organizations', '/organizations?range=7d&compare=1'],
];

for (const [name, address, link] of pages) {
  test(`${name} in every width and theme`, async ({ page, server }) => {
    test.setTimeout(120_000);
    await page.goto(server.address + address);
    const found = link && (await page.locator(link).first().getAttribute('href'));
    for (const colorScheme of themes) {
      for (const width of widths) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(server.address + (found || address));
        await expect(page.locator('.chart:not(.alive)')).toHaveCount(0);
        await page.screenshot({ path: `screenshots/${name}-${width}-${colorScheme}.png`, fullPage: true });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `nothing sticks out at ${width} pixels`).toBeLessThanOrEqual(0);
      }
    }
  });
}

test('a week that is compared, with a filter, an address that makes no sense, and the help', async ({ page, server }) => {
  for (const colorScheme of themes) {
    for (const width of widths) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await openLive(page, server, '/?range=7d&compare=1&type=rest&q=&status=nonsense');
      await page.screenshot({ path: `screenshots/week-${width}-${colorScheme}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `nothing sticks out at ${width} pixels`).toBeLessThanOrEqual(0);
    }
    await page.keyboard.press('?');
    await page.screenshot({ path: `screenshots/help-${colorScheme}.png` });
    await page.keyboard.press('Escape');
  }
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the overview in every width', async ({ page, server }) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(server.address);
      await expect(page.locator('#executions .drawing svg:visible')).toHaveCount(1);
      await page.screenshot({ path: `screenshots/overview-${width}-no-scripts.png`, fullPage: true });
    }
  });
});

test.describe('an empty database', () => {
  test.use({ data: 'nothing' });

  test('the welcome', async ({ page, server }) => {
    await page.goto(server.address);
    await page.screenshot({ path: 'screenshots/empty.png', fullPage: true });
  });
});
