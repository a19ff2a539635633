/**
 * Lets a browser repeat the request by which it resumes after a prompt. The answer to it has the code, and a node that is killed may not
 * send it. So the prompt is removed only when the answer is ready, and the answer can be given once more for a short time.
 *
 * Two requests at once, or a request after a kill, may both run; all of them give the answer of the first. What the others made was
 * never sent: a code that expires, and a session without a cookie.
 */
import type { Context } from 'koa';
import { openStored, sealJson, sha256, type Sealed, type Sealer } from '../crypto.ts';
import { key, type Ephemeral, type Key } from '../ports/stores.ts';
import type { Millis } from '../ports/time.ts';

/** A person loads a page that did not come again sooner than this. The code in the answer lasts longer. */
const lifetime: Millis = 30_000;

/** A redirect, with the cookies of the session. */
interface Answer {
  readonly status: number;
  readonly location: string;
  readonly cookies: readonly string[];
}

const ending: unique symbol = Symbol('ending');
/** A prompt that ends with this request, and what removes it. */
interface Ending {
  readonly id: string;
  readonly remove: () => Promise<void>;
}

/** Puts off the removal of a prompt until `endPrompt`. Called by the adapter, before the library has an answer. */
export const removeLater = (ctx: Context, id: string, remove: () => Promise<void>): void => {
  const state: { [ending]?: Ending } = ctx.state;
  state[ending] = { id, remove };
};

export interface ResumeAnswers {
  /** Removes the prompt from which this request resumed, if any, and keeps its answer. Only where the library has answered. */
  endPrompt(ctx: Context): Promise<void>;
  /** Gives the answer that this prompt ended with. False: none is kept. The caller knows that the browser is the same. */
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
    async endPrompt(ctx) {
      const state: { [ending]?: Ending } = ctx.state;
      const { [ending]: prompt } = state;
      if (prompt === undefined) return;
      const answer = redirectOf(ctx);
      const isFirst =
        answer === undefined ||
        (await ephemeral.setIfAbsent(keyOf(prompt.id), sealJson(sealer, answer, sealedTo(prompt.id)), lifetime));
      await prompt.remove();
      if (!isFirst) await repeat(ctx, prompt.id);
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
