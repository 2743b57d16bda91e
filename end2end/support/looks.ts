// What holds for the looks of every page.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { Server } from './server.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Looks at pages in three widths: takes pictures, and finds nothing that sticks out or is wrong for screen readers; and reaches
 * everything with the keyboard, at the last width, in the light.
 */
export async function expectGoodLooks(page: Page, server: Server, paths: string[], colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  for (const path of paths) {
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(server.address + path);
      const name = path.slice(1).replaceAll('/', '-');
      await page.screenshot({ path: `screenshots/${name}-${width}-${colorScheme}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${path} at ${width} pixels`).toBeLessThanOrEqual(0);
    }
    const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
    const told = found.violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map((node) => node.html).join(' | ')}`);
    expect(told).toEqual([]);
    if (colorScheme === 'light') {
      await expectKeyboardReachesAll(page);
    }
  }
}

/** Presses Tab through a page: whatever can be pressed or typed into is reached, can be seen then, and shows that it is. */
export async function expectKeyboardReachesAll(page: Page): Promise<void> {
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
    const isWanted = (element: HTMLElement) =>
      element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0 && !element.matches(':disabled, [type=radio]:not(:checked)');
    const kept = all.filter(isWanted);
    kept.forEach((element) => (element.dataset['wanted'] = ''));
    (document.activeElement as HTMLElement | null)?.blur();
    return kept.length;
  });
  expect(wanted).toBeGreaterThan(0);
  const unseen: string[] = [];
  // Boxes that scroll are reached too.
  for (let press = 0; press < 2 * wanted + 20; press++) {
    await page.keyboard.press('Tab');
    const { trouble, isDone } = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      delete element.dataset['wanted'];
      const { top, bottom, width } = element.getBoundingClientRect();
      const isInView = width > 0 && bottom > 0 && top < innerHeight;
      const rings = [element, element.parentElement!].map((ringed) => getComputedStyle(ringed).outlineStyle);
      // Of a date, its parts are reached one by one, and show it themselves.
      const isRinged = element.matches('[type^=date]') || rings.some((style) => style !== 'none');
      const isFine = element === document.body || (isInView && isRinged);
      return { trouble: isFine ? null : element.outerHTML.slice(0, 200), isDone: !document.querySelector('[data-wanted]') };
    });
    if (trouble) unseen.push(trouble);
    if (isDone) break;
  }
  const missed = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-wanted]')].map((element) => element.outerHTML.slice(0, 200)),
  );
  expect(missed, 'not reached').toEqual([]);
  expect(unseen, 'reached, but nobody sees where').toEqual([]);
}
