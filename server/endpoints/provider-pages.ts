/** Pages in place of those that the protocol library would draw by itself. */
import { Problem } from '../../src/errors.ts';
import type { ProviderPages, Visitor } from '../../src/oidc/pages.ts';
import type { Clock } from '../../src/ports/time.ts';
import { chosenLanguage, wording, type Words } from '../../src/locales/wording.ts';
import { continuePage, errorPage, loggedOutPage, logoutPage } from '../../web/pages/index.ts';
import type { ClientShown } from '../../web/pages/props.ts';

const wordsFor = ({ languages }: Visitor): Words => wording(chosenLanguage(languages));

const shown = ({ client }: Visitor): { readonly client?: ClientShown } =>
  client === undefined ? {} : { client: { name: client.name, ...(client.uri !== undefined && { uri: client.uri }) } };

/** Ours for what OAuth says: by the status it is told with. */
const problemFor = (status: number): Problem => {
  if (status >= 500) return new Problem(status === 503 ? 'unavailable' : 'internal', 'told by the protocol library');
  return new Problem(status === 404 ? 'not-found' : 'bad-request', 'told by the protocol library');
};

export const createProviderPages = (clock: Clock): ProviderPages => ({
  error({ code: error, sentence: description, status }, visitor) {
    const { code, label, retryable } = problemFor(status);
    const protocol = { error, ...(description !== undefined && { description }) };
    const { reference } = visitor;
    const props = { code, label, retryable, reference, now: clock(), protocol, ...shown(visitor) };
    return errorPage(props, wordsFor(visitor)).text;
  },
  signOut: (form, visitor) => logoutPage({ ...form, ...shown(visitor) }, wordsFor(visitor)).text,
  signedOut: visitor => loggedOutPage(shown(visitor), wordsFor(visitor)).text,
  goOn: (to, visitor) =>
    continuePage({ to, kind: 'signed-out', reference: visitor.reference, ...shown(visitor) }, wordsFor(visitor)).text,
});
