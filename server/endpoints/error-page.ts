/** The page of a request that failed before, beside or after any page of its own. */
import type { Context } from 'koa';
import { errorPage } from '../../web/pages/index.ts';
import { hereOf } from '../../web/pages/links.ts';
import type { ErrorPage } from '../../web/pages/props.ts';
import type { Problem } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/time.ts';
import { wordsFor } from '../../src/http/language.ts';

/** What a browser remembers of where its sign-in was going, without asking any store. */
type Remembered = (ctx: Context) => { readonly name: string; readonly startUri?: string } | undefined;

const longest = 2048;

/** Where asking once more is safe: the one address of a sign-in, or the request that was to begin one. */
const againAt = (ctx: Context): string | undefined => {
  const here = hereOf(ctx.originalUrl);
  if (here.startsWith('/interaction/')) return here;
  return ctx.method === 'GET' && ctx.path === '/auth' && ctx.originalUrl.length <= longest
    ? ctx.originalUrl
    : undefined;
};

/** What is left to somebody in the middle of a sign-in when we fail: another try, and the way back to where they were going. */
const waysOn = (ctx: Context, start: ReturnType<Remembered>): Pick<ErrorPage, 'again' | 'client'> => {
  const again = againAt(ctx);
  if (again === undefined) return {};
  const { name, startUri } = start ?? {};
  return {
    again,
    ...(name !== undefined && { client: { name, ...(startUri !== undefined && { uri: startUri }) } }),
  };
};

export const createErrorPage =
  (clock: Clock, remembered: Remembered = () => undefined) =>
  (ctx: Context, { code, label, retryable, status }: Problem, reference: string): string => {
    const props = { code, label, retryable, reference, now: clock(), here: hereOf(ctx.originalUrl) };
    const more = retryable && status >= 500 ? waysOn(ctx, remembered(ctx)) : {};
    return errorPage({ ...props, ...more }, wordsFor(ctx)).text;
  };
