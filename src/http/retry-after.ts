/** Tells a client when a refused request may be repeated. */
import type { Context } from 'koa';
import type { EpochMillis } from '../ports/time.ts';

/**
 * Sets Retry-After in seconds (RFC 9110 §10.2.3), for an answer with a known end of the wait. Without effect where `until` is
 * unknown or over.
 */
export const setRetryAfter = (ctx: Pick<Context, 'set'>, now: EpochMillis, until: EpochMillis | undefined): void => {
  if (until !== undefined && until > now) ctx.set('retry-after', `${Math.ceil((until - now) / 1000)}`);
};
