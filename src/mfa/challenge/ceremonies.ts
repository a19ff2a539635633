/** The two ceremonies a factor has: proving an authenticator that is bound, and binding a new one. One shape for the life cycle. */
import type { Json } from '../../ports/stores.ts';
import type { User } from '../../records.ts';
import { servedBy, type Authenticators, type StoredAuthenticator } from '../authenticators.ts';
import {
  authenticatorOf,
  type Acr,
  type Amr,
  type CeremonyContext,
  type Factor,
  type BegunCeremony,
  type VerificationResult,
} from '../factor.ts';

/** What a right answer established: which authenticator proved what, or what is to be bound. */
export type EstablishedFacts =
  | { readonly authenticator: string; readonly amr: readonly Amr[]; readonly acr: Acr }
  | { readonly label: string; readonly handle?: string; readonly data: Json };

export interface Ceremony {
  /** undefined: this person has nothing to be asked for. */
  begin(ctx: CeremonyContext): Promise<BegunCeremony | undefined>;
  verify(
    answer: Json,
    state: Json,
    ctx: CeremonyContext,
  ): Promise<VerificationResult<{ readonly facts: EstablishedFacts }>>;
}

/** An answer is judged again when its authenticator changed meanwhile: it may just have been renamed. */
const judgements = 3;

/** Proves one of the bound authenticators: all of the type, or the chosen one. `stored`: those of this person, just read. */
export const authenticationCeremony = (
  factor: Factor,
  user: User,
  {
    chosen,
    stored: known,
  }: { readonly chosen: string | undefined; readonly stored?: readonly StoredAuthenticator[] | undefined },
  authenticators: Authenticators,
): Ceremony => {
  const candidates = async (of = authenticators.of(user)): Promise<readonly StoredAuthenticator[]> =>
    servedBy(factor, await of).filter(each => factor.asksFor === 'any' || each.id === chosen);
  return {
    async begin(ctx) {
      const asked = await candidates(known && Promise.resolve(known));
      return asked.length === 0 ? undefined : factor.challenge.begin(asked, ctx);
    },
    async verify(answer, state, ctx) {
      for (let turn = 0; turn < judgements; turn += 1) {
        const asked = await candidates();
        const result = await factor.challenge.finish(answer, state, asked, ctx);
        if (!result.ok) return result;
        const stored = asked.find(each => each.id === result.used.id);
        // Burnt before it passes: the step or counter is in the durable store before anybody is told that it was right.
        if (stored !== undefined && (await authenticators.use(stored, result.used.data, factor.type)) !== undefined) {
          return { ok: true, facts: { authenticator: stored.id, amr: result.amr, acr: result.acr } };
        }
      }
      return { ok: false, reason: 'wrong' };
    },
  };
};

/** Binds a new one: the same ceremony, another ending. */
export const enrollmentCeremony = (
  factor: Factor,
  user: User,
  input: string | undefined,
  authenticators: Authenticators,
): Ceremony => ({
  async begin(ctx) {
    const bound = (await authenticators.of(user)).filter(each => each.type === authenticatorOf(factor));
    return factor.enroll.begin(input, bound, ctx);
  },
  async verify(answer, state, ctx) {
    const result = await factor.enroll.finish(answer, state, ctx);
    if (!result.ok) return result;
    const { ok: _ok, ...facts } = result;
    return { ok: true, facts };
  },
});
