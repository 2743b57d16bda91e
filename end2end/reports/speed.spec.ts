// How the overview feels on a slow computer: `cargo xtask bench browser` prints it.
import { type Browser, type Page } from '@playwright/test';
import { expect, figure, openLive, run, test } from '../support/story.ts';
import { type Server } from '../support/server.ts';

/** How many times slower than this computer. */
const SLOW_DOWN = 4;
const LOOKS = 7;

// A recording of each step would be work that a visitor's browser does not do.
test.use({ trace: 'off' });
test.setTimeout(300_000);

/** Milliseconds of the page's main thread, but for `painted`, which is by the clock: the largest contentful paint. */
type Look = { painted: number; shifted: number; script: number; layout: number };
type TraceEvent = { name: string; pid: number; tid: number; ts: number; dur?: number; tdur?: number; args?: { name?: string } };

/** Begins to measure, before anything of the page is there. */
async function measure(page: Page): Promise<void> {
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
  await page.addInitScript(() => {
    const measured = { painted: 0, shifted: 0 };
    Object.assign(window, { measured });
    const observe = (type: string, take: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
    observe('largest-contentful-paint', (entry) => (measured.painted = entry.startTime));
    observe('layout-shift', (entry) => (measured.shifted += (entry as PerformanceEntry & { value: number }).value));
  });
}

/** What was measured so far, once the browser has nothing left to do. */
async function measured(page: Page): Promise<Pick<Look, 'painted' | 'shifted'>> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        requestIdleCallback(() => setTimeout(() => resolve((window as unknown as { measured: Look }).measured)));
      }),
  );
}

/** The longest task that ran scripts, and the longest that did not: the first time that all is laid out. */
function longestTasks(trace: Buffer): Pick<Look, 'script' | 'layout'> {
  const events: TraceEvent[] = JSON.parse(trace.toString()).traceEvents;
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const isMain = ({ name, args }: TraceEvent) => name === 'thread_name' && args?.name === 'CrRendererMain';
  const main = new Set(events.filter(isMain).map(thread));
  const onMain = events.filter((event) => main.has(thread(event)));
  const calls = onMain.filter(({ name }) => name === 'FunctionCall' || name === 'EvaluateScript');
  const longest = { script: 0, layout: 0 };
  for (const task of onMain.filter(({ name }) => name === 'ThreadControllerImpl::RunTask')) {
    const isInside = ({ pid, tid, ts }: TraceEvent) =>
      pid === task.pid && tid === task.tid && ts >= task.ts && ts < task.ts + (task.dur ?? 0);
    const kind = calls.some(isInside) ? 'script' : 'layout';
    longest[kind] = Math.max(longest[kind], (task.tdur ?? 0) / 1000);
  }
  return longest;
}

function median(numbers: number[]): number {
  return numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? NaN;
}

/** Looks at the overview some times, and prints the medians. */
async function report(title: string, browser: Browser, server: Server, during: (page: Page) => Promise<void>): Promise<void> {
  const looks: Look[] = [];
  for (let number = 0; number < LOOKS; number++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
    const page = await context.newPage();
    await measure(page);
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
    await openLive(page, server);
    await during(page);
    const seen = await measured(page);
    looks.push({ ...seen, ...longestTasks(await browser.stopTracing()) });
    await context.close();
  }
  const of = (take: (look: Look) => number) => median(looks.map(take));
  const milliseconds = (take: (look: Look) => number) => `${Math.round(of(take))} ms`;
  console.log(
    `| ${title} | ${milliseconds((look) => look.painted)} | ${milliseconds((look) => look.script)} ` +
      `| ${milliseconds((look) => look.layout)} | ${of((look) => look.shifted).toFixed(4)} |`,
  );
}

test('opening it', async ({ browser, server }) => {
  console.log(`\n| ${SLOW_DOWN}x slower, median of ${LOOKS} | largest paint | longest script | longest layout | shifted |\n|---|---|---|---|---|`);
  await report('opening the overview', browser, server, async () => {});
});

test.describe('with rows that arrive', () => {
  test.use({ serveArgs: [] });

  test('following rows', async ({ browser, database, server }) => {
    let row = 0;
    await report('and following two new rows', browser, server, async (page) => {
      for (let more = 0; more < 2; more++) {
        const before = await figure(page, 'Failures').textContent();
        await run(database, 'failed', 0, `row ${++row}`);
        // After many looks in a row the server takes its time, to stay within its budget.
        await expect(page.locator('#failures .error').first()).toHaveText(`row ${row}`, { timeout: 45_000 });
        await expect(figure(page, 'Failures')).not.toHaveText(before ?? '');
      }
    });
  });
});
