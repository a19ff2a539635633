/**
 * Lets a browser repeat the request by which it resumes after a prompt. The answer to it has the code, and a node that is killed may not
 * send it. So the prompt is removed together with the code (`held-writes.ts`), and the answer can be given once more for a short time.
 *
 * Two requests at once, or a request after a kill, may both run; all of them give the answer of the first. What the others made was
 * never sent: a code that expires, and a session without a cookie.
 */
import type { Context } from 'koa';
import { openStored, sealJson, sha256, type Sealed, type Sealer } from '../../crypto.ts';
import { key, type Ephemeral, type Key } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import { holdValues } from './held-writes.ts';

/** People reload a page that does not load within this time. The code in the answer is valid for longer. */
const lifetime: Millis = 30_000;

/** A redirect, with the cookies of the session. */
interface Answer {
  readonly status: number;
  readonly location: string;
  readonly cookies: readonly string[];
}

/** The prompt that ends with a request. */
const ending = new WeakMap<Context, string>();

/** Notes that a prompt ends with this request. Called by the adapter, before the library has an answer. */
export const noteEnd = (ctx: Context, id: string): void => void ending.set(ctx, id);

export interface ResumeAnswers {
  /** Keeps the answer of a request that resumed from a prompt, and removes the prompt in the same step. Ignores other requests. */
  endPrompt(ctx: Context): void;
  /** Gives the answer with which this prompt ended. False: it is not kept. The caller must have checked the browser. */
  repeat(ctx: Context, id: string): Promise<boolean>;
}

const keyOf = (id: string): Key<Sealed<Answer>> => key('oidc', 'resume-answer', sha256(id));
/** Name to which an answer is sealed: it has a code, and the cookie of a session. */
const sealedTo = (id: string): string => `resume-answer:${sha256(id)}`;

export const createResumeAnswers = ({
  ephemeral,
  sealer,
}: {
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
}): ResumeAnswers => {
  const repeat = async (ctx: Context, id: string): Promise<boolean> => {
    const stored = await ephemeral.get(keyOf(id));
    const answer = stored && openStored(sealer, stored, sealedTo(id));
    if (answer === undefined) return false;
    ctx.status = answer.status;
    ctx.body = '';
    ctx.remove('content-type');
    ctx.set('location', answer.location);
    ctx.set('set-cookie', [...answer.cookies]);
    return true;
  };

  return {
    endPrompt(ctx) {
      const id = ending.get(ctx);
      const answer = redirectOf(ctx);
      if (id === undefined || answer === undefined) return;
      const value = sealJson(sealer, answer, sealedTo(id));
      holdValues(ctx, {
        comesLast: true,
        writes: [{ method: 'setIfAbsent', key: keyOf(id), value, ttl: lifetime }],
        async after([isFirst]) {
          if (isFirst === false) await repeat(ctx, id);
        },
      });
    },
    repeat,
  };
};

/** The answer, where it is a redirect. A form that posts the code to the client is not kept: it may be large. */
const redirectOf = ({ status, response, res }: Context): Answer | undefined => {
  const location = response.get('location');
  const cookies = [res.getHeader('set-cookie') ?? []].flat().map(String);
  return status >= 300 && status < 400 && location !== '' ? { status, location, cookies } : undefined;
};
