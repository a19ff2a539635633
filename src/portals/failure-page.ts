/** The page of a request that failed before, beside or after any page of its own. */
import type { Context } from 'koa';
import { errorPage } from '../../web/pages/index.ts';
import type { Problem } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { chosenLanguage, wording } from '../wording.ts';

export const createFailurePage =
  (clock: Clock) =>
  (ctx: Context, { code, label, retryable }: Problem, reference: string): string => {
    const languages = ctx.acceptsLanguages();
    const words = wording(chosenLanguage(Array.isArray(languages) ? languages : []));
    return errorPage({ code, label, retryable, reference, now: clock() }, words).text;
  };
