/** The page of a request that failed before, beside or after any page of its own. */
import type { Context } from 'koa';
import { errorPage } from '../../web/pages/index.ts';
import { hereOf } from '../../web/pages/links.ts';
import type { Problem } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { wordsFor } from '../http/language.ts';

export const createFailurePage =
  (clock: Clock) =>
  (ctx: Context, { code, label, retryable }: Problem, reference: string): string => {
    const here = hereOf(ctx.originalUrl);
    return errorPage({ code, label, retryable, reference, now: clock(), here }, wordsFor(ctx)).text;
  };
