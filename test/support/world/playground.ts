/** Uses the playground as a person does, and reads what its pages show. */
import { formTo, type Answer, type Browser } from '../browser/plain.ts';

/** Fills the form in at `page`, and sends it. A field that is not named keeps its first value. */
export const chosenRequest = async (
  browser: Browser,
  form: Readonly<Record<string, string>>,
  page = '/playground',
): Promise<Answer> => {
  const { action } = formTo(await browser.visit(page), /\/playground$/);
  return browser.visit(action, { form: { client: 'contoso-office', scope: 'openid profile email', ...form } });
};

const readable = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** The address that "Go on to the sign-in" leads to. @throws Error where the page has no such link */
export const sendLinkOf = ({ text }: Answer): string => {
  const found = /<a class="button primary" href="([^"]*\/auth\?[^"]*)"/.exec(text)?.[1];
  if (found === undefined) throw new Error('the page has no link to the sign-in');
  return readable(found);
};

/** Text of the part of a page below this heading. */
export const partOf = ({ text }: Answer, title: string): string => {
  const part = text.split('<section class="sheet">').find(each => each.includes(`<h2>${title}</h2>`));
  return readable(part?.replaceAll(/<[^>]*>/g, ' ') ?? '');
};

const namesByWords: Readonly<Record<string, string>> = {
  'Signature, by a published key': 'signature',
  'Algorithm, as registered': 'alg',
  Issuer: 'iss',
  'Audience: this client alone': 'aud',
  'Not expired': 'exp',
  'Not from the future': 'iat',
  'The nonce of the request': 'nonce',
  'Password recent enough (max_age)': 'auth_time',
  'A level that was asked for': 'acr',
};

/** The result of each check of the ID token, by its name. */
export const verdictsOf = ({ text }: Answer): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/<div class="verdict (\w+)">[^]*?<span>([^<]*) <b>/g)].map(([, state = '', words = '']) => [
      namesByWords[words] ?? words,
      state,
    ]),
  );
