/**
 * Finds what a person's methods must keep reaching, so that no removal locks them out of the security page or of a client that they use.
 * Rules about networks and times count always: they apply where the person is somewhere else, or later.
 */
import { highest } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import type { Need } from '../mfa/removal.ts';
import { decide } from '../policy/decide.ts';
import type { Policy, Requirement } from '../policy/policy.ts';
import type { User } from '../records.ts';
import type { IsBreakGlass } from '../users/break-glass.ts';
import { grantsOf } from './consent/account-grants.ts';
import { accountPortal } from './clients/built-in.ts';
import type { ClientDirectory } from './clients/directory.ts';
import type { OidcDocuments } from './models.ts';
import { clientFacts, personFacts } from './prompts/policy-facts.ts';

interface NeedsToKeepDeps {
  readonly documents: Pick<OidcDocuments, 'find'>;
  readonly clients: Pick<ClientDirectory, 'find'>;
  /** The lowest level that this server accepts. */
  readonly minimum: Acr;
  /** The operator's rules. */
  readonly policy: Policy;
  readonly isBreakGlass: IsBreakGlass;
}

/** Gives the needs of a sign-in at the security page, and at each client with a grant of this person. */
export const createNeedsToKeep =
  (deps: NeedsToKeepDeps) =>
  async (user: User): Promise<readonly Need[]> => {
    const { documents, clients, minimum: server, policy } = deps;
    const ids = new Set((await grantsOf(documents, user.id)).map(({ clientId }) => clientId));
    const used = await Promise.all([...ids].map(async id => ({ ...(await clients.find(id)), clientId: id })));
    const person = personFacts(deps, user, { hasMethod: true });
    return [accountPortal, ...used].flatMap(found => {
      const client = clientFacts(found);
      const { required, trace } = decide(policy, { server, client, person, request: { acr: 'sfa' }, at: undefined });
      const applying = trace.sources.filter(({ not }) => not === undefined);
      // Each one alone too: together they may be more than the person ever reached, and need not apply at the same time.
      const alone = applying.map(({ requires }) =>
        needOf(client.isPortal === true ? { ...requires, factors: undefined } : requires),
      );
      return [needOf(required), ...alone];
    });
  };

/** A person with a method is asked for a second step in any case. */
const needOf = ({
  acr = 'mfa',
  factors,
}: { readonly [Member in 'acr' | 'factors']?: Requirement[Member] | undefined }): Need => ({
  acr: highest('mfa', acr),
  ...(factors !== undefined && { factors }),
});
