// A fresh database for each story, on the Postgres that DATABASE_URL names.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import parse from 'pg-connection-string';
import { Proxy } from './proxy.ts';

/** A database of one story. */
export class Database {
  private constructor(
    readonly name: string,
    private readonly administrator: pg.Client,
    private readonly client: pg.Client,
    private readonly proxy: Proxy,
    private readonly connect: () => Promise<pg.Client>,
  ) {}

  static async create(): Promise<Database> {
    const administratorUrl = process.env.DATABASE_URL;
    if (!administratorUrl) {
      throw new Error('DATABASE_URL names no Postgres for the stories: run `cargo xtask test --only browser`');
    }
    const settings = { ...parse.parse(administratorUrl), ssl: false };
    const host = settings.host ?? '127.0.0.1';
    const port = Number(settings.port || 5432);
    const connect = async (database: string | null | undefined) => {
      const client = new pg.Client({ user: settings.user, password: settings.password, host, port, database: database ?? undefined });
      await client.connect();
      return client;
    };
    const administrator = await connect(settings.database);
    const name = `story_${randomBytes(6).toString('hex')}`;
    await administrator.query(`create database ${name}`);
    const proxy = await Proxy.to(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
    return new Database(name, administrator, await connect(name), proxy, () => connect(name));
  }

  /** Where the program connects to. */
  get url(): string {
    const { user, password } = this.administrator;
    return `postgres://${user}${password ? `:${encodeURIComponent(password)}` : ''}@${this.proxy.address}/${this.name}?sslmode=disable`;
  }

  /** Runs one statement with its parameters; the rows it answers. Not through the proxy. */
  async query(statement: string, parameters: unknown[] = []): Promise<Record<string, string>[]> {
    return (await this.client.query(statement, parameters)).rows;
  }

  /** Runs a statement in a transaction of its own that stays open; the way to end it. */
  async hold(statement: string): Promise<() => Promise<void>> {
    const client = await this.connect();
    await client.query('begin');
    await client.query(statement);
    return () => client.end();
  }

  /** From now on the program does not reach the database. */
  async goAway(): Promise<void> {
    await this.proxy.close();
  }

  async comeBack(): Promise<void> {
    await this.proxy.open();
  }

  async drop(): Promise<void> {
    await this.client.end();
    await this.proxy.close();
    await this.administrator.query(`drop database ${this.name} with (force)`);
    await this.administrator.end();
  }
}
