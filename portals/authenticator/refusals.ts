/** Answers refused calls of the API with a code and a sentence in the language of the device. */
import type { Context, Middleware } from 'koa';
import { refusalStatus, type RefusalCode, type RefusalJson } from '../../src/device-refusals.ts';
import { Problem } from '../../src/errors.ts';
import { acceptedLanguages } from '../../src/http/language.ts';
import { setRetryAfter } from '../../src/http/retry-after.ts';
import { chosenLanguage, wording } from '../../src/locales/wording.ts';
import type { Log } from '../../src/log.ts';
import type { Clock, EpochMillis } from '../../src/ports/time.ts';

/** A refused call. It is thrown, because a call may be refused at any step, and is answered in one place. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** BCP 47; absent: no device is known. */
  readonly language: string | undefined;
  /** When the call may be made again. */
  readonly until: EpochMillis | undefined;
  /** Members of the answer beside code and sentence. */
  readonly more: object;

  constructor(
    code: RefusalCode,
    {
      language,
      until,
      more = {},
    }: { readonly language?: string; readonly until?: EpochMillis; readonly more?: object } = {},
  ) {
    super(code);
    this.code = code;
    this.language = language;
    this.until = until;
    this.more = more;
  }
}

/** Language of a call: that of the device, else that of the request. No cookie is read. */
const languageOf = (ctx: Context, language: string | undefined): string =>
  chosenLanguage([...(language === undefined ? [] : [language]), ...acceptedLanguages(ctx)]);

/**
 * Must be the first middleware of the API. Each answer has the time, from which a device learns how far its clock is from ours: a code
 * of the device counts for seconds. Node's own `Date` is that of the machine, which is not our clock in tests.
 */
export const answerRefusals =
  ({ clock, log }: { readonly clock: Clock; readonly log: Log }): Middleware =>
  async (ctx, next) => {
    ctx.set('date', new Date(clock()).toUTCString());
    try {
      await next();
    } catch (error) {
      if (error instanceof Refusal) {
        const { code, language, until, more } = error;
        log.info('device-call.refused', { reason: code, method: ctx.method, path: ctx.path });
        ctx.status = refusalStatus[code];
        setRetryAfter(ctx, clock(), until);
        const message = wording(languageOf(ctx, language)).deviceRefusals[code];
        ctx.body = { ...more, error: code, message } satisfies RefusalJson;
        return;
      }
      if (!(error instanceof Problem)) throw error;
      const { code, status } = error;
      // The log hides members with the name `code`.
      const fields = { problem: code, method: ctx.method, path: ctx.path };
      if (status >= 500) log.error('request.failed', { ...fields, error });
      else log.info('request.refused', { ...fields, reason: error.message });
      ctx.status = status;
      if (status === 503) ctx.set('retry-after', '5');
      // The unread rest of the body must not be taken for the next request.
      if (code === 'too-large') ctx.set('connection', 'close');
      const { sentence } = wording(languageOf(ctx, undefined)).problems[code];
      ctx.body = { error: code, message: sentence } satisfies RefusalJson;
    }
  };
