// Whoever uses no mouse reaches everything, and sees where they are.
import { expectKeyboardReachesAll } from '../support/looks.ts';
import { expect, openLive, test } from '../support/story.ts';

test('the first thing that is reached skips what every page begins with', async ({ page, server }) => {
  await openLive(page, server);
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await expect(page.locator('.skip')).toBeInViewport();
});

const pages: [address: string, link?: string][] = [
  ['/'],
  ['/actions'],
  ['/triggers'],
  ['/triggers', '#trigger-list tbody th a'],
  ['/failures'],
  ['/failures', '#errors tbody a[href^="/failures/"]'],
  ['/organizations?range=7d'],
];

for (const [address, link] of pages) {
  test(`everything on ${address}${link ? ', one further' : ''} is reached and shows it`, async ({ page, server }) => {
    test.setTimeout(240_000);
    await page.goto(server.address + address);
    const found = link && (await page.locator(link).first().getAttribute('href'));
    await page.goto(server.address + (found || address));
    await expect(page.locator('.chart:not(.alive)')).toHaveCount(0);
    // Nothing changes while Tab is pressed, and what is folded away is reached once it is open.
    await page.keyboard.press('p');
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
    await expectKeyboardReachesAll(page);
  });
}
