// What holds for the looks of every page.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { Server } from './server.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Looks at pages in three widths: takes pictures, and finds nothing that sticks out or is wrong for screen readers. */
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
  }
}
