import { defineConfig, devices } from '@playwright/test';

/** Chromium as the test command found it; Playwright's own where that is not said. */
const executablePath = process.env.CHROMIUM || undefined;

export default defineConfig({
  testDir: 'stories',
  outputDir: 'test-results',
  // Each story starts a server and a database of its own, so they may run side by side.
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 1000 },
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    trace: 'retain-on-failure',
  },
});
