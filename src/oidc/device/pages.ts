/** Draws our pages at the end of the device flow. The library's own pages for typing a code are never reached. */
import { errors, type ErrorOut, type KoaContextWithOIDC } from 'oidc-provider';
import { Problem } from '../../errors.ts';
import { show, visitorOf, type DeviceEnd, type Visitor } from '../pages.ts';

/** Draws the page that ends the flow. */
export type DeviceEndPage = (end: DeviceEnd, visitor: Visitor) => string;

/** By the name of the library's error. Any other error is drawn as an OAuth error. */
const endsByError: Readonly<Record<string, DeviceEnd>> = {
  AbortedError: 'refused',
  AlreadyUsedError: 'used',
  // Thrown for a second answer (`models.ts`).
  InvalidGrant: 'used',
  ExpiredError: 'expired',
  NotFoundError: 'expired',
  // The sign-in or the browser has changed since the beginning.
  SessionNotFound: 'expired',
};

/** Options of oidc-provider that draw these pages. `renderError` draws errors of OAuth. */
export const devicePages = (
  page: DeviceEndPage,
  renderError: (ctx: KoaContextWithOIDC, out: ErrorOut, error: Error) => void,
) => ({
  async userCodeInputSource(ctx: KoaContextWithOIDC, _form: string, out?: ErrorOut, error?: Error): Promise<void> {
    // The library marks the session as changed to store its form's secret. Saving a session that was never stored would fail.
    if (ctx.oidc.session !== undefined) Reflect.set(ctx.oidc.session, 'touched', false);
    await findClient(ctx);
    const end = endsByError[error?.name ?? ''];
    if (end === undefined) {
      if (out === undefined || error === undefined) throw neverDrawn();
      return renderError(ctx, out, error);
    }
    ctx.status = end === 'refused' ? 200 : 400;
    show(ctx, page(end, visitorOf(ctx)));
    if (end === 'refused') ctx.oidc.provider.emit('authorization.error', ctx, new errors.AccessDenied());
  },
  userCodeConfirmSource: (): void => {
    throw neverDrawn();
  },
  successSource: (ctx: KoaContextWithOIDC): void => show(ctx, page('connected', visitorOf(ctx))),
});

/** Sets the client of a request that failed before the library set it. */
const findClient = async ({ oidc }: KoaContextWithOIDC): Promise<void> => {
  const asked = oidc.entities.DeviceCode?.clientId ?? oidc.entities.Interaction?.params['client_id'];
  const client = typeof asked === 'string' ? await oidc.provider.Client.find(asked) : undefined;
  if (client !== undefined) oidc.entity('Client', client);
};

const neverDrawn = (): Problem =>
  new Problem('internal', "got the library's form for a user code, expected our own pages to answer first");
