/** Collects facts about a request while it is answered (reference, client, factor), for its log line and its span. */
import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import { knownReference } from '../reference.ts';

/** These facts are logged, so they contain no secret, no name of a person and no telephone number. */
export interface RequestFacts {
  /** As pages show it. */
  readonly reference?: string | undefined;
  /** Id of the client. */
  readonly client?: string | undefined;
  /** Type of the factor that was asked for or answered. */
  readonly factor?: string | undefined;
}

const known = new WeakMap<IncomingMessage, RequestFacts>();

/** Adds facts to those of this request. A later fact replaces an earlier one; undefined replaces none. */
export const noteFacts = (request: IncomingMessage, facts: RequestFacts): void => {
  const { reference, client, factor } = facts;
  if (reference === undefined && client === undefined && factor === undefined) return;
  const before = known.get(request);
  known.set(request, {
    reference: reference ?? before?.reference,
    client: client ?? before?.client,
    factor: factor ?? before?.factor,
  });
};

/** The facts that are known of this request. */
export const factsOf = (request: IncomingMessage): RequestFacts => known.get(request) ?? {};

/** Notes the reference that the answer shows. Must be outside of the middleware that answers failures, which makes references too. */
export const noteReference: Middleware = async (ctx, next) => {
  try {
    await next();
  } finally {
    noteFacts(ctx.req, { reference: knownReference(ctx) });
  }
};
