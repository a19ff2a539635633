/** Says what log and developers learn of a refused request. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { ClientRefusal } from '../../records.ts';
import { referenceFor } from '../../reference.ts';
import { comparedAddresses, explain } from './explanations.ts';
import { refusalCode, type Refusal } from './refusal-codes.ts';

type Context = KoaContextWithOIDC;

/** For the log, all that is known of a refusal: OAuth's code and sentence, the library's detail and our explanation. */
export const loggedRefusal = (ctx: Context, error: Refusal) => {
  const { message, error_description: description, error_detail: detail } = error;
  const explanation = explain(ctx, error);
  return {
    reason: message,
    label: refusalCode(error),
    ...(description !== undefined && { description }),
    ...(detail !== undefined && { detail }),
    ...(explanation !== undefined && { explanation }),
  };
};

/** What the developers of the client are told of a refusal. */
export const notedRefusal = (ctx: Context, error: Refusal): ClientRefusal => {
  const { message, error_description: sentence, error_detail: detail } = error;
  const explanation = explain(ctx, error) ?? detail ?? sentence;
  return {
    code: refusalCode(error),
    error: message,
    endpoint: ctx.oidc.route,
    ...comparedAddresses(ctx, error),
    ...(explanation !== undefined && { explanation }),
    // A token request shows no page from which a person could read a reference.
    ...(browserRoutes.has(ctx.oidc.route) && { reference: referenceFor(ctx, ctx.oidc.entities.Interaction?.cid) }),
  };
};

/** Routes that a browser opens. */
const browserRoutes: ReadonlySet<string> = new Set(['authorization', 'resume', 'end_session', 'end_session_confirm']);
