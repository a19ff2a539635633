/** Renders our pages in place of the default pages of oidc-provider. */
import { Problem } from '../../src/errors.ts';
import type { ProviderPages, Visitor } from '../../src/oidc/pages.ts';
import type { Clock } from '../../src/ports/time.ts';
import { chosenLanguage, wording, type Words } from '../../src/locales/wording.ts';
import {
  autoSubmitPage,
  continuePage,
  deviceEndPage,
  errorPage,
  loggedOutPage,
  logoutPage,
  stayedPage,
} from '../../web/pages/index.ts';
import type { ClientShown } from '../../web/pages/props.ts';

const wordsFor = ({ languages }: Visitor): Words => wording(chosenLanguage(languages));

const shown = ({ client }: Visitor): { readonly client?: ClientShown } =>
  client === undefined ? {} : { client: { name: client.name, ...(client.uri !== undefined && { uri: client.uri }) } };

/** Maps an OAuth error to our problem by its HTTP status. */
const problemFor = (status: number): Problem =>
  new Problem(status === 404 ? 'not-found' : 'bad-request', 'reported by oidc-provider');

/** Creates the pages for errors and sign-out. */
export const createProviderPages = (clock: Clock): ProviderPages => ({
  error({ code: error, label: known, sentence: description, status }, visitor) {
    const { code, label } = problemFor(status);
    const protocol = { error, ...(description !== undefined && { description }) };
    const { reference } = visitor;
    const props = { code, label: known ?? label, reference, now: clock(), protocol, ...shown(visitor) };
    return errorPage(props, wordsFor(visitor)).text;
  },
  signOut: (form, visitor) => logoutPage({ ...form, ...shown(visitor) }, wordsFor(visitor)).text,
  signedOut: visitor => loggedOutPage(shown(visitor), wordsFor(visitor)).text,
  stayed: visitor => stayedPage(shown(visitor), wordsFor(visitor)).text,
  device: (end, visitor) =>
    deviceEndPage({ end, reference: visitor.reference, ...shown(visitor) }, wordsFor(visitor)).text,
  post: (form, visitor) => autoSubmitPage({ ...form, ...shown(visitor) }, wordsFor(visitor)).text,
  goOn: (to, visitor) =>
    continuePage({ to, kind: 'signed-out', reference: visitor.reference, ...shown(visitor) }, wordsFor(visitor)).text,
});
