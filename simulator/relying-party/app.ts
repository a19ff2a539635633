/**
 * Serves "Contoso Office", a small OpenID Connect client on openid-client, so that there is something to sign in to.
 *
 *     GET /                    the signed-in person
 *     GET /login → provider → GET /callback → /
 *     POST /refresh, /userinfo → /
 *     POST /logout → provider → /
 */
import type { RequestListener } from 'node:http';
import { fileRoute, tokensRoute } from '../http/files.ts';
import type { HttpRequest, HttpResponse, Route } from '../http/server.ts';
import { createListener } from '../http/server.ts';
import { failedPage, signedInPage, welcomePage } from './pages.ts';
import { pendingCookie, pendingIn } from './pending.ts';
import type { RelyingPartySettings } from './provider-client.ts';
import { createProviderClient, explain } from './provider-client.ts';
import type { Session } from './sessions.ts';
import { Sessions } from './sessions.ts';

/** Has no form-action: signing in and out redirects a form to the provider, and Chrome applies form-action to that. */
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const page = (status: number, body: string, cookie?: string): HttpResponse => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    ...(cookie !== undefined && { 'set-cookie': cookie }),
  },
  body,
});

const redirect = (location: string, ...cookies: readonly string[]): HttpResponse => ({
  status: 303,
  headers: { location, 'set-cookie': cookies },
});

const failed = (error: unknown, cookie?: string): HttpResponse => {
  const { code, detail } = explain(error);
  return page(400, failedPage(code, detail), cookie);
};

/** Parameters of the authorization request that a link to /login may set. */
const requestParameters = ['acr_values', 'prompt', 'max_age', 'login_hint', 'ui_locales', 'claims'] as const;

/** The address under which this request reached us. Safe, because only loopback names are answered. */
const ownAddress = ({ headers }: HttpRequest): string => `http://${headers['host'] ?? '127.0.0.1'}`;

/** A route that answers errors with a page. */
const route = (method: string, path: string, handle: Route['handle']): Route => ({
  method,
  path,
  async handle(request) {
    try {
      return await handle(request);
    } catch (error) {
      return failed(error);
    }
  },
});

const file = (name: string) => fileRoute(`/${name}`, new URL(`../public/${name}`, import.meta.url));

/**
 * Makes the request listener of the relying party. Its address is the one under which it is requested. `simulator` is
 * the address of the phones, for links.
 */
export const createRelyingParty = (settings: RelyingPartySettings, simulator?: string): RequestListener => {
  const provider = createProviderClient(settings);
  const sessions = new Sessions();

  const home = (request: HttpRequest): HttpResponse => {
    const { id, session } = sessions.of(request.headers['cookie']);
    const { note, ...rest } = session;
    const cookie = note === undefined ? undefined : sessions.replace(id, rest);
    const { people = [] } = settings;
    const body =
      session.signedIn === undefined
        ? welcomePage({ issuer: provider.issuer, people, simulator, note })
        : signedInPage(session.signedIn, simulator, note);
    return page(200, body, cookie);
  };

  const login = async (request: HttpRequest): Promise<HttpResponse> => {
    const parameters = requestParameters.flatMap((name): [string, string][] => {
      const value = request.query.get(name);
      return value === null ? [] : [[name, value]];
    });
    const { url, pending } = await provider.begin(`${ownAddress(request)}/callback`, Object.fromEntries(parameters));
    return redirect(url, pendingCookie([...pendingIn(request.headers['cookie']), pending]));
  };

  const callback = async (request: HttpRequest): Promise<HttpResponse> => {
    const { id } = sessions.of(request.headers['cookie']);
    const all = pendingIn(request.headers['cookie']);
    const pending = all.find(each => each.state === request.query.get('state'));
    if (pending === undefined) {
      return page(
        400,
        failedPage('state-unknown', 'This response does not belong to a sign-in that this browser began.'),
      );
    }
    const others = pendingCookie(all.filter(each => each !== pending));
    try {
      const tokens = await provider.finish(new URL(request.target, ownAddress(request)), pending);
      // The ID token may lack the name: OpenID Connect Core §5.4 returns it from userinfo.
      const signedIn = { ...tokens, userinfo: await provider.userinfo(tokens) };
      return redirect('/', sessions.replace(id, { signedIn }), others);
    } catch (error) {
      return failed(error, others);
    }
  };

  /** A handler that uses the tokens of the session and shows `note`. */
  const withTokens =
    (use: (signedIn: NonNullable<Session['signedIn']>) => Promise<Session['signedIn']>, note: string) =>
    async (request: HttpRequest): Promise<HttpResponse> => {
      const { id, session } = sessions.of(request.headers['cookie']);
      if (session.signedIn === undefined) {
        return redirect('/', sessions.replace(id, { ...session, note: 'Sign in first.' }));
      }
      const signedIn = await use(session.signedIn);
      return redirect('/', sessions.replace(id, { note, ...(signedIn && { signedIn }) }));
    };

  const logout = async (request: HttpRequest): Promise<HttpResponse> => {
    const { id, session } = sessions.of(request.headers['cookie']);
    if (session.signedIn === undefined) return redirect('/', sessions.end(id));
    const address = await provider.signOutAddress(session.signedIn.idToken, `${ownAddress(request)}/`);
    return redirect(address, sessions.end(id));
  };

  const refresh = withTokens(
    async signedIn => ({
      ...(await provider.refresh(signedIn)),
      // Keeps the name, which only userinfo has.
      ...(signedIn.userinfo && { userinfo: signedIn.userinfo }),
    }),
    'Tokens refreshed.',
  );
  const userinfo = withTokens(
    async signedIn => ({ ...signedIn, userinfo: await provider.userinfo(signedIn) }),
    'Userinfo fetched.',
  );
  return createListener(
    [
      route('GET', '/', home),
      route('GET', '/login', login),
      route('GET', '/callback', callback),
      route('POST', '/refresh', refresh),
      route('POST', '/userinfo', userinfo),
      route('POST', '/logout', logout),
      tokensRoute(),
      file('relying-party.css'),
      file('contoso.svg'),
    ],
    (_, status, message) => page(status, failedPage(String(status), message)),
  );
};
