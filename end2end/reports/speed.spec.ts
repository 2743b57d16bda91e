// How the overview feels on a slow computer: `cargo xtask bench browser` prints it.
import { type Browser, type CDPSession, type Page } from '@playwright/test';
import { logIn, run, test } from '../support/story.ts';
import { type Database } from '../support/database.ts';
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

/** What a page shows that is waited for. */
type Shown = { alive: boolean; failures: string; newest: string };

/** Begins to measure, before anything of the page is there. The page tells by itself what it shows: to ask it with a locator
 * would be a long task of its own. */
async function measure(page: Page): Promise<CDPSession> {
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
  await page.addInitScript(() => {
    const measured = { painted: 0, shifted: 0 };
    Object.assign(window, { measured });
    const observe = (type: string, take: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
    observe('largest-contentful-paint', (entry) => (measured.painted = entry.startTime));
    observe('layout-shift', (entry) => (measured.shifted += (entry as PerformanceEntry & { value: number }).value));
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
    let told = '';
    const tell = () => {
      const alive = document.querySelector('.chart') !== null && document.querySelector('.chart:not(.alive)') === null;
      const shown = { alive, failures: text('#summary .figure:nth-child(4) .value'), newest: text('#failures .error') };
      const words = `shown ${JSON.stringify(shown)}`;
      if (words !== told) {
        console.log((told = words));
      }
    };
    new MutationObserver(tell).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ['class'] });
  });
  return client;
}

/** Waits until a page tells that it shows what is wanted. */
async function shows(page: Page, wanted: (shown: Shown) => boolean, timeout = 30_000): Promise<Shown> {
  const read = (text: string): Shown | null => (text.startsWith('shown ') ? JSON.parse(text.slice('shown '.length)) : null);
  const told = await page.waitForEvent('console', {
    predicate: (message) => {
      const shown = read(message.text());
      return shown !== null && wanted(shown);
    },
    timeout,
  });
  return read(told.text())!;
}

/** Opens the overview, with all that an operator may do there, until all of its charts are alive. */
async function open(page: Page, database: Database, server: Server): Promise<Shown> {
  await logIn(page.context(), database, server, 'operator');
  const [shown] = await Promise.all([shows(page, ({ alive }) => alive), page.goto(server.address)]);
  return shown;
}

/** What was measured so far, once the browser has nothing left to do. */
async function measured(client: CDPSession): Promise<Pick<Look, 'painted' | 'shifted'>> {
  const expression = 'new Promise((resolve) => requestIdleCallback(() => setTimeout(() => resolve(measured))))';
  const { result } = await client.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  return result.value;
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

/** Looks some times, and prints the medians, and the longest tasks of all looks. */
async function report(title: string, browser: Browser, look: (page: Page) => Promise<void>): Promise<void> {
  const looks: Look[] = [];
  for (let number = 0; number < LOOKS; number++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
    const page = await context.newPage();
    const client = await measure(page);
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
    await look(page);
    const seen = await measured(client);
    looks.push({ ...seen, ...longestTasks(await browser.stopTracing()) });
    await context.close();
  }
  const of = (take: (look: Look) => number) => median(looks.map(take));
  const milliseconds = (take: (look: Look) => number) => `${Math.round(of(take))} ms`;
  const most = (take: (look: Look) => number) => `${milliseconds(take)}, at most ${Math.round(Math.max(...looks.map(take)))}`;
  console.log(
    `| ${title} | ${milliseconds((look) => look.painted)} | ${most((look) => look.script)} ` +
      `| ${most((look) => look.layout)} | ${of((look) => look.shifted).toFixed(4)} |`,
  );
}

test('opening it', async ({ browser, database, server }) => {
  console.log(`\n| ${SLOW_DOWN}x slower, median of ${LOOKS} | largest paint | longest script | longest layout | shifted |\n|---|---|---|---|---|`);
  await report('opening a line of plain text, to compare', browser, async (page) => {
    await page.goto(`${server.address}/robots.txt`);
  });
  await report('opening the overview', browser, async (page) => void (await open(page, database, server)));
});

test.describe('with rows that arrive', () => {
  test.use({ serveArgs: [] });

  test('following rows', async ({ browser, database, server }) => {
    let row = 0;
    await report('and following two new rows', browser, async (page) => {
      let { failures } = await open(page, database, server);
      for (let more = 0; more < 2; more++) {
        const before = failures;
        const text = `row ${++row}`;
        // After many looks in a row the server takes its time, to stay within its budget.
        const arrived = shows(page, (shown) => shown.newest === text && shown.failures !== before, 45_000);
        await run(database, 'failed', 0, text);
        ({ failures } = await arrived);
      }
    });
  });
});
