/** Answers exceptions with a page, or with JSON where JSON was requested, and logs them. Answers contain no stack trace. */
import type { Context, Middleware } from 'koa';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { maskTokens } from '../masking.ts';
import { referenceFor } from '../reference.ts';

/** Needed to answer and log exceptions. */
export interface FailureDeps {
  readonly log: Log;
  /** A whole HTML document with the reference, which the log has too. */
  readonly page: (ctx: Context, problem: Problem, reference: string) => string;
}

const statusOf = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
};

/** Exceptions of Koa and other libraries as a Problem. */
const asProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  const isClientError = error instanceof URIError || (status !== undefined && status >= 400 && status < 500);
  return isClientError
    ? new Problem('bad-request', 'got a request that cannot be read', { cause: error })
    : new Problem('internal', 'an exception was not handled', { cause: error });
};

/** Statuses that Koa sets where no route handles the path, or the method. */
const unanswered = { 404: 'not-found', 405: 'method-not-allowed', 501: 'method-not-allowed' } as const;
const isUnanswered = (status: number): status is keyof typeof unanswered => Object.hasOwn(unanswered, status);

/** Seconds after which the request may be repeated. */
const retryAfter = '5';

/** A failure as JSON. */
export const problemJson = ({ code, label, retryable }: Problem, reference: string) => ({
  error: code,
  label,
  retryable,
  reference,
});

/** The reference of the sign-in where the request belongs to one. */
const reference = (ctx: Context): string => referenceFor(ctx, undefined);

/** Must be the first middleware of an application. */
export const answerProblems =
  ({ log, page }: FailureDeps): Middleware =>
  async (ctx, next) => {
    const answer = (problem: Problem): void => {
      ctx.status = problem.status;
      if (problem.status === 503) ctx.set('retry-after', retryAfter);
      // The unread rest of the body must not be taken for the next request.
      if (problem.code === 'too-large') ctx.set('connection', 'close');
      if (ctx.accepts('html', 'json') === 'html')
        Object.assign(ctx, { type: 'html', body: page(ctx, problem, reference(ctx)) });
      else ctx.body = problemJson(problem, reference(ctx));
    };
    try {
      await next();
    } catch (error) {
      const problem = asProblem(error);
      const { code, message } = problem;
      // Under another name than `code`, which the log hides as a secret.
      const facts = { problem: code, reference: reference(ctx), method: ctx.method, path: maskTokens(ctx.path) };
      if (problem.status >= 500) log.error('request.failed', { ...facts, error: problem });
      else log.info('request.refused', { ...facts, reason: message });
      answer(problem);
      return;
    }
    // The library's own answers have no Retry-After.
    if (ctx.status === 503) ctx.set('retry-after', retryAfter);
    if (isUnanswered(ctx.status) && (ctx.body === undefined || ctx.body === null || ctx.body === '')) {
      answer(new Problem(unanswered[ctx.status], `${ctx.method} ${ctx.path}`));
    }
  };

/** Codes of errors by clients that closed a waiting page or broke off a request (llhttp's begin with HPE_). Not logged. */
const clientErrors = /^(?:HPE_|ERR_STREAM_PREMATURE_CLOSE$|ECONNRESET$)/;

/** For Koa's `error` event: logs exceptions after an answer had begun. */
export const logUnexpected =
  (log: Log) =>
  (error: unknown): void => {
    const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string' || !clientErrors.test(code)) log.error('answer.failed', { error });
  };
