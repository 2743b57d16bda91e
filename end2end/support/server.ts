// The `tidemark` program as its user runs it: a process with settings, an address and signals.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../../crates/server/tests/fixtures/', import.meta.url));

function binary(): string {
  if (!process.env.TIDEMARK_BINARY) {
    throw new Error('TIDEMARK_BINARY names no program: run `cargo xtask test --only browser`');
  }
  return process.env.TIDEMARK_BINARY;
}

/** Runs a command of the program to its end; what it printed. */
export async function tidemark(url: string, ...args: string[]): Promise<string> {
  const child = start(url, args);
  let printed = '';
  child.stdout?.on('data', (text) => (printed += text));
  child.stderr?.on('data', (text) => (printed += text));
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`tidemark ${args.join(' ')} ended with ${code}:\n${printed}`);
  }
  return printed;
}

/** Loads the real February. */
export async function importFlights(url: string): Promise<void> {
  const file = (name: string) => `${fixtures}${name}`;
  await tidemark(url, 'import', file('flights-2013-02.csv.gz'), '--triggers', file('flights.triggers.csv'));
}

/** A server that runs. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
    private readonly url: string,
    private readonly args: string[],
    /** Everything it wrote to its log. */
    readonly log: string[],
    private readonly printed: string[],
  ) {}

  /** The link for the first admin, as it was printed. */
  get invitation(): string {
    return /http:\S+\/invitations\/\S+/.exec(this.printed.join(''))?.[0] ?? '';
  }

  static async start(url: string, ...args: string[]): Promise<Server> {
    return Server.startAt('127.0.0.1:0', url, args);
  }

  /** At an address that is known before. */
  static async startAt(addr: string, url: string, args: string[]): Promise<Server> {
    const child = start(url, ['serve', '--addr', addr, ...args]);
    const log: string[] = [];
    const printed: string[] = [];
    child.stderr?.on('data', (text) => log.push(String(text)));
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', (text) => {
        printed.push(String(text));
        const said = /Tidemark is at (http:\S+)/.exec(printed.join(''));
        if (said) resolve(said[1]);
      });
      child.once('close', (code) => reject(new Error(`the server ended with ${code}: ${log.join('')}`)));
    });
    return new Server(child, address, url, args, log, printed);
  }

  /** The same server again, at the same address. */
  async again(): Promise<Server> {
    return Server.startAt(new URL(this.address).host, this.url, this.args);
  }

  /** Ends it with a signal; its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const closed = once(this.child, 'close');
      this.child.kill(signal);
      await closed;
    }
    return this.child.exitCode;
  }
}

function start(url: string, args: string[]): ChildProcess {
  const env = { TIDEMARK_ANONYMOUS: 'viewer', ...process.env, DATABASE_URL: url, RUST_LOG: 'info' };
  return spawn(binary(), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
