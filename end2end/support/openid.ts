// A real OpenID provider on this machine: whoever is named at its door comes in, without a password.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server as Http, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import OpenId from 'oidc-provider';

/** What the provider knows of somebody. */
type Claims = { preferred_username?: string; email?: string; groups?: string[] };

const SCOPES = ['openid', 'profile', 'email', 'groups'];

const DOOR = `<!doctype html><title>Provider</title><link rel="icon" href="data:,"><h1>Who are you?</h1>
<form method="post"><label>Account <input name="account"></label>
<button name="does" value="enter">Enter</button><button name="does" value="cancel">Cancel</button></form>`;

/** A provider that runs, or is away for a while. */
export class OpenIdProvider {
  /** Everybody, by subject. */
  readonly people: Record<string, Claims> = {};
  /** Whether ID tokens hold all claims; else they are told by the userinfo endpoint alone. */
  tellsAllAtOnce = false;
  /** The secret of Tidemark. */
  readonly secret = randomBytes(24).toString('base64url');
  private http: Http | undefined;

  private constructor(
    private readonly redirect: string,
    private readonly port: number,
  ) {}

  /** A provider that sends people back to this address of Tidemark. It is away until it is opened. */
  static async for(tidemark: string): Promise<OpenIdProvider> {
    return new OpenIdProvider(`${tidemark}/login/oidc/callback`, await freePort());
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** With every opening it signs with another key. */
  async open(): Promise<void> {
    const provider = new OpenId(this.issuer, this.configuration());
    const answer = provider.callback();
    this.http = createServer((request, response) => {
      const isDoor = request.url?.startsWith('/door/') ?? false;
      void (isDoor ? this.door(provider, request, response) : answer(request, response));
    });
    this.http.listen(this.port, '127.0.0.1');
    await once(this.http, 'listening');
  }

  async close(): Promise<void> {
    const closed = this.http && once(this.http, 'close');
    this.http?.close();
    this.http?.closeAllConnections();
    await closed;
    this.http = undefined;
  }

  private async door(provider: OpenId, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'text/html').end(DOOR);
      return;
    }
    const form = new URLSearchParams(await text(request));
    const entered = { login: { accountId: form.get('account') } };
    const result = form.get('does') === 'enter' ? entered : { error: 'access_denied', error_description: 'not today' };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  private configuration() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const client = { redirect_uris: [this.redirect], grant_types: ['authorization_code'], response_types: ['code'] };
    return {
      clients: [
        { ...client, client_id: 'tidemark', client_secret: this.secret },
        { ...client, client_id: 'tidemark-public', token_endpoint_auth_method: 'none' },
      ],
      scopes: SCOPES,
      claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email'], groups: ['groups'] },
      conformIdTokenClaims: !this.tellsAllAtOnce,
      cookies: { keys: ['story'] },
      features: { devInteractions: { enabled: false } },
      findAccount: (_: unknown, subject: string) =>
        subject in this.people && { accountId: subject, claims: () => ({ sub: subject, ...this.people[subject] }) },
      interactions: { url: (_: unknown, interaction: { uid: string }) => `/door/${interaction.uid}` },
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: randomBytes(6).toString('hex') }] },
      // Nobody is asked whether Tidemark may know them.
      loadExistingGrant: async ({ oidc }: { oidc: any }) => {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope(SCOPES.join(' '));
        await grant.save();
        return grant;
      },
      pkce: { required: () => true },
      ttl: { AccessToken: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
    };
  }
}

/** A port that nobody has, yet. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
