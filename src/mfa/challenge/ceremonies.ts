/** The two ceremonies a factor has: proving an authenticator that is bound, and binding a new one. One shape for the life cycle. */
import type { Json } from '../../ports.ts';
import type { User } from '../../records.ts';
import { servedBy, type Authenticators, type Held } from '../authenticators.ts';
import {
  authenticatorOf,
  type Acr,
  type Amr,
  type Context,
  type Factor,
  type Opened,
  type Verdict,
} from '../factor.ts';

/** What a right answer established: which authenticator proved what, or what is to be bound. */
export type Facts =
  | { readonly authenticator: string; readonly amr: readonly Amr[]; readonly acr: Acr }
  | { readonly label: string; readonly handle?: string; readonly data: Json };

export interface Ceremony {
  /** undefined: this person has nothing to be asked for. */
  open(ctx: Context): Promise<Opened | undefined>;
  judge(answer: Json, state: Json, ctx: Context): Promise<Verdict<{ readonly facts: Facts }>>;
}

/** An answer is judged again when its authenticator changed meanwhile: it may just have been renamed. */
const judgements = 3;

/** Proves one of the bound authenticators: all of the type, or the chosen one. `held`: those of this person, just read. */
export const proving = (
  factor: Factor,
  user: User,
  { chosen, held: known }: { readonly chosen: string | undefined; readonly held?: readonly Held[] | undefined },
  authenticators: Authenticators,
): Ceremony => {
  const candidates = async (of = authenticators.of(user)): Promise<readonly Held[]> =>
    servedBy(factor, await of).filter(each => factor.asksFor === 'any' || each.id === chosen);
  return {
    async open(ctx) {
      const asked = await candidates(known && Promise.resolve(known));
      return asked.length === 0 ? undefined : factor.challenge.begin(asked, ctx);
    },
    async judge(answer, state, ctx) {
      for (let turn = 0; turn < judgements; turn += 1) {
        const asked = await candidates();
        const verdict = await factor.challenge.finish(answer, state, asked, ctx);
        if (!verdict.ok) return verdict;
        const held = asked.find(each => each.id === verdict.used.id);
        // Burnt before it passes: the step or counter is in the durable store before anybody is told that it was right.
        if (held !== undefined && (await authenticators.use(held, verdict.used.data, factor.type)) !== undefined) {
          return { ok: true, facts: { authenticator: held.id, amr: verdict.amr, acr: verdict.acr } };
        }
      }
      return { ok: false, reason: 'wrong' };
    },
  };
};

/** Binds a new one: the same ceremony, another ending. */
export const binding = (
  factor: Factor,
  user: User,
  input: string | undefined,
  authenticators: Authenticators,
): Ceremony => ({
  async open(ctx) {
    const bound = (await authenticators.of(user)).filter(each => each.type === authenticatorOf(factor));
    return factor.enroll.begin(input, bound, ctx);
  },
  async judge(answer, state, ctx) {
    const verdict = await factor.enroll.finish(answer, state, ctx);
    if (!verdict.ok) return verdict;
    const { ok: _ok, ...facts } = verdict;
    return { ok: true, facts };
  },
});
