/** "Contoso Office": a real, small OpenID Connect client, so that there is something to sign in to. */
import type { RequestListener } from 'node:http';
import type { Answer, Asked, Route } from '../http/server.ts';
import { listener } from '../http/server.ts';
import { pendingCookie, pendingIn } from './pending.ts';
import { failedPage, signedInPage, welcomePage } from './pages.ts';
import type { RelyingPartySettings } from './provider-client.ts';
import { createProvider, explain } from './provider-client.ts';
import type { Session } from './sessions.ts';
import { Sessions } from './sessions.ts';
import { fileRoute, tokensRoute } from '../http/files.ts';

/** No form-action: signing in and out answers a form with the way to the provider, which Chrome counts as its target. */
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const page = (status: number, body: string, cookie?: string): Answer => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    ...(cookie !== undefined && { 'set-cookie': cookie }),
  },
  body,
});

const go = (location: string, ...cookies: readonly string[]): Answer => ({
  status: 303,
  headers: { location, 'set-cookie': cookies },
});

const failed = (error: unknown): Answer => {
  const { code, detail } = explain(error);
  return page(400, failedPage(code, detail));
};

/** Parameters of an authorization request that a link on this site may set. */
const wishes = ['acr_values', 'prompt', 'max_age', 'login_hint', 'ui_locales', 'claims'] as const;

/** The address by which this request came: the listener admits loopback names only. */
const self = ({ headers }: Asked): string => `http://${headers['host'] ?? '127.0.0.1'}`;

/** A route whose failures are told on a page. */
const route = (method: string, path: string, answer: Route['answer']): Route => ({
  method,
  path,
  async answer(asked) {
    try {
      return await answer(asked);
    } catch (error) {
      return failed(error);
    }
  },
});

const file = (name: string) => fileRoute(`/${name}`, new URL(`../public/${name}`, import.meta.url));

/** The request listener of the sample relying party. Its own address is the one by which it is asked. */
export const createRelyingParty = (settings: RelyingPartySettings): RequestListener => {
  const provider = createProvider(settings);
  const sessions = new Sessions();

  const home = (asked: Asked): Answer => {
    const { id, session } = sessions.of(asked.headers['cookie']);
    const { note, ...rest } = session;
    const cookie = note === undefined ? undefined : sessions.keep(id, rest);
    const body =
      session.signedIn === undefined ? welcomePage(provider.issuer, note) : signedInPage(session.signedIn, note);
    return page(200, body, cookie);
  };

  const login = async (asked: Asked): Promise<Answer> => {
    const wish = wishes.flatMap((name): [string, string][] => {
      const value = asked.query.get(name);
      return value === null ? [] : [[name, value]];
    });
    const { url, pending } = await provider.begin(`${self(asked)}/callback`, Object.fromEntries(wish));
    return go(url, pendingCookie([...pendingIn(asked.headers['cookie']), pending]));
  };

  const callback = async (asked: Asked): Promise<Answer> => {
    const { id } = sessions.of(asked.headers['cookie']);
    const all = pendingIn(asked.headers['cookie']);
    const pending = all.find(each => each.state === asked.query.get('state'));
    if (pending === undefined) {
      return page(400, failedPage('state-unknown', 'This answer belongs to no sign-in that this browser began here.'));
    }
    const others = pendingCookie(all.filter(each => each !== pending));
    try {
      const tokens = await provider.finish(new URL(asked.target, self(asked)), pending);
      // The name is no claim of the ID token where the provider keeps to OpenID Connect Core §5.4.
      const signedIn = { ...tokens, userinfo: await provider.userinfo(tokens) };
      return go('/', sessions.keep(id, { signedIn }), others);
    } catch (error) {
      const { code, detail } = explain(error);
      return page(400, failedPage(code, detail), others);
    }
  };

  /** Does something with the tokens of somebody who is signed in, and says how it went. */
  const withTokens =
    (what: (signedIn: NonNullable<Session['signedIn']>) => Promise<Session['signedIn']>, note: string) =>
    async (asked: Asked): Promise<Answer> => {
      const { id, session } = sessions.of(asked.headers['cookie']);
      if (session.signedIn === undefined) return go('/', sessions.keep(id, { ...session, note: 'Sign in first.' }));
      const signedIn = await what(session.signedIn);
      return go('/', sessions.keep(id, { note, ...(signedIn && { signedIn }) }));
    };

  const logout = async (asked: Asked): Promise<Answer> => {
    const { id, session } = sessions.of(asked.headers['cookie']);
    if (session.signedIn === undefined) return go('/', sessions.end(id));
    const address = await provider.signOutAddress(session.signedIn.idToken, `${self(asked)}/`);
    return go(address, sessions.end(id));
  };

  // What userinfo said stays true: a page that greets by name must not forget it.
  const renew = withTokens(
    async signedIn => ({
      ...(await provider.renew(signedIn)),
      ...(signedIn.userinfo && { userinfo: signedIn.userinfo }),
    }),
    'The tokens are new.',
  );
  const userinfo = withTokens(
    async signedIn => ({ ...signedIn, userinfo: await provider.userinfo(signedIn) }),
    'Userinfo answered.',
  );
  return listener(
    [
      route('GET', '/', home),
      route('GET', '/login', login),
      route('GET', '/callback', callback),
      route('POST', '/refresh', renew),
      route('POST', '/userinfo', userinfo),
      route('POST', '/logout', logout),
      tokensRoute(),
      file('relying-party.css'),
      file('contoso.svg'),
    ],
    (_, status, message) => page(status, failedPage(String(status), message)),
  );
};
