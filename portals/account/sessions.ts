/** Shows where a person is signed in and their last sign-ins, and ends sessions. */
import type { Context } from 'koa';
import { createAuditTrail, type AuditEvents } from '../../src/audit.ts';
import { Problem } from '../../src/errors.ts';
import type { Notices } from '../../src/notice.ts';
import type { AccountSessions } from '../../src/oidc/sessions/account-sessions.ts';
import { isBuiltIn } from '../../src/oidc/clients/built-in.ts';
import type { ClientDirectory } from '../../src/oidc/clients/directory.ts';
import { sessionDigest } from '../../src/oidc/ended-sessions.ts';
import { readSignIns, type SignInAttempt } from '../../src/sign-in-history.ts';
import { browserText } from '../../src/user-agent.ts';
import type { SessionRow, SignInRow } from '../../web/pages/account-sessions-props.ts';
import { endAllPage, notMeReportPage, sessionsPage } from '../../web/pages/index.ts';
import { accountLinks, fields } from '../../web/pages/links.ts';
import { placeOf } from './place.ts';
import { redirectAfterChange, drawPage, type Portal, type ReadRoute } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';
import { rememberedBrowserRows, type RememberedBrowserRoutesDeps } from './remembered-browsers.ts';

/** Further services that these routes use. */
export interface SessionRoutesDeps extends RememberedBrowserRoutesDeps {
  readonly accountSessions: AccountSessions;
  readonly auditEvents: AuditEvents;
  readonly clientDirectory: Pick<ClientDirectory, 'find'>;
  readonly notices: Pick<Notices, 'tell'>;
}

/** Bytes of a digest of a session in base64url. */
const digestBytes = 64;
const notMePath = accountLinks.notMe(':signIn');
/** A person who never had a method can prove only the password, and must be able to end a thief's session. */
const needs = 'own-highest';

/** Id of the session of this browser. */
const here = ({ session }: Visit): string => sessionDigest(session.uid);

/** Adds the routes of sessions and sign-ins. */
export const sessionRoutes = (portal: Portal, deps: SessionRoutesDeps): void => {
  const { accountSessions } = deps;
  const page = accountLinks.sessions;

  portal.onRead(page, async (ctx, visit) => {
    const { frame, words } = visit;
    const nameOf = createNames(deps.clientDirectory);
    const [sessions, signIns] = [await sessionRows(deps, visit, nameOf), await signInRows(deps, ctx, visit, nameOf)];
    const remembered = await rememberedBrowserRows(deps, visit);
    drawPage(ctx, sessionsPage({ ...frame, sessions, ...(remembered && { remembered }), signIns }, words));
  });
  portal.onWrite(
    accountLinks.endSession,
    { form: { [fields.session]: digestBytes }, page, needs },
    async (ctx, { user, by }, form) => {
      const ended = await accountSessions.end(user.id, form.get(fields.session) ?? '', by);
      redirectAfterChange(deps, ctx, page, ended === 'ended' ? 'session-ended' : 'gone');
    },
  );
  portal.onWrite(accountLinks.endOthers, { form: {}, page, needs }, async (ctx, visit) => {
    await accountSessions.endOthers(visit.user.id, here(visit), visit.by);
    redirectAfterChange(deps, ctx, page, 'others-ended');
  });
  portal.onRead(accountLinks.endAll, (ctx, { frame, words }) => drawPage(ctx, endAllPage(frame, words)), {
    fresh: { cancelTo: page },
  });
  portal.onWrite(accountLinks.endAll, { form: {}, needs }, async (ctx, { user, by }) => {
    await accountSessions.endAll(user.id, by);
    deps.cookies.endSession(ctx);
    redirectAfterChange(deps, ctx, accountLinks.security);
  });

  const drawReport: ReadRoute = async (ctx, visit) => {
    const signIn = await reported(deps, ctx, visit);
    drawPage(ctx, notMeReportPage({ ...visit.frame, signIn }, visit.words));
  };
  portal.onRead(notMePath, drawReport, { fresh: { cancelTo: page } });
  portal.onWrite(notMePath, { form: {}, page, needs }, async (ctx, visit) => {
    const { user, by } = visit;
    const { reference, app } = await reported(deps, ctx, visit);
    await accountSessions.endOthers(user.id, here(visit), by);
    // With the reference of the reported sign-in, by which administrators find it.
    await deps.notices.tell(user.id, { kind: 'not-me', ...(app !== undefined && { app }) }, { ...by, reference });
    redirectAfterChange(deps, ctx, accountLinks.profile, 'not-me');
  });
};

/** Names of clients by id, each read once. */
type Names = (clientId: string) => Promise<string | undefined>;
const createNames = (clients: Pick<ClientDirectory, 'find'>): Names => {
  const known = new Map<string, Promise<string | undefined>>();
  const read = async (id: string): Promise<string | undefined> => {
    const found = await clients.find(id);
    return typeof found?.client_name === 'string' ? found.client_name : undefined;
  };
  return async id => {
    const name = known.get(id) ?? read(id);
    known.set(id, name);
    return name;
  };
};

const sessionRows = async (
  { accountSessions }: SessionRoutesDeps,
  visit: Visit,
  nameOf: Names,
): Promise<readonly SessionRow[]> => {
  const rows: SessionRow[] = [];
  for (const session of await accountSessions.list(visit.user)) {
    const { id, startedAt, usedAt, method, clients } = session;
    const ids = [...new Set(clients.map(({ clientId }) => clientId))].filter(clientId => !isBuiltIn(clientId));
    const apps: string[] = [];
    for (const clientId of ids) apps.push((await nameOf(clientId)) ?? clientId);
    rows.push({
      id,
      isHere: id === here(visit),
      startedAt,
      usedAt,
      apps,
      ...(method !== undefined && { method }),
      ...placeOf(session),
    });
  }
  return [...rows.filter(row => row.isHere), ...rows.filter(row => !row.isHere)];
};

const signInRows = async (
  { auditEvents }: SessionRoutesDeps,
  ctx: Context,
  { user }: Visit,
  nameOf: Names,
): Promise<readonly SignInRow[]> => {
  const browser = browserText(ctx.get('user-agent'));
  const rows: SignInRow[] = [];
  for (const attempt of await readSignIns(createAuditTrail({ events: auditEvents }), user.id)) {
    const { client } = attempt;
    const app = client === undefined ? undefined : ((await nameOf(client)) ?? client);
    rows.push(rowOf(attempt, app, attempt.address === ctx.ip && attempt.browser === browser));
  }
  return rows;
};

const rowOf = (attempt: SignInAttempt, app: string | undefined, isSamePlace: boolean): SignInRow => {
  const { reference, at, end, step, remembered, wrongPasswords, wrongCodes } = attempt;
  return {
    reference,
    at,
    end,
    wrongPasswords,
    wrongCodes,
    isFamiliar: isSamePlace && (end === 'signed-in' || end === 'confirmed'),
    ...(app !== undefined && { app }),
    ...(step !== undefined && { step }),
    ...(remembered !== undefined && { remembered }),
    ...placeOf(attempt),
  };
};

/** The sign-in in the address. @throws Problem 'not-found': it is not in the list of this person */
const reported = async (deps: SessionRoutesDeps, ctx: Context, visit: Visit): Promise<SignInRow> => {
  const params: unknown = ctx['params'];
  const reference: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'signIn') : undefined;
  const rows = await signInRows(deps, ctx, visit, createNames(deps.clientDirectory));
  const found = rows.find(each => each.reference === reference);
  if (found === undefined) throw new Problem('not-found', 'got another reference, expected a sign-in of this person');
  return found;
};
