/** Plays a device without a browser (RFC 8628), and the person who lets it in. */
import type { NewClient } from '../../../src/oidc/client-metadata.ts';
import { formTo, type Answer, type Browser } from '../browser/plain.ts';
import { enterCode, enterPassword } from './relying-party.ts';
import type { TestPerson, World } from './world.ts';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Adds a public client for devices: first-party, with refresh tokens. */
export const addDeviceClient = async (world: World, id: string, more: Partial<NewClient> = {}): Promise<void> => {
  const clients = await world.services.clients();
  await clients.write({
    client_id: id,
    client_name: `${id} TV`,
    redirect_uris: [],
    grant_types: [deviceGrant, 'refresh_token'],
    first_party: true,
    ...more,
  });
};

/** What a device gets. */
export interface Codes {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

const post = async (world: World, path: string, form: Record<string, string>, headers = {}) => {
  const answer = await fetch(new URL(path, world.issuer), { method: 'POST', body: new URLSearchParams(form), headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
};

/** Asks for codes, with any answer. */
export const ask = (world: World, client: string, form: Record<string, string> = {}, headers = {}) =>
  post(world, '/device/auth', { client_id: client, scope: 'openid profile', ...form }, headers);

/** Asks for codes. */
export const askForCodes = async (world: World, client: string, form: Record<string, string> = {}): Promise<Codes> => {
  const { status, body } = await ask(world, client, form, { 'user-agent': 'contoso-tv/1.2 (Linux)' });
  if (status !== 200) throw new Error(`got ${status} ${JSON.stringify(body)}, expected codes`);
  return body as unknown as Codes;
};

/** Headers of a request from this address, behind the proxy of the world. */
export const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

/** One poll: the tokens, or the error. The clock passes the interval first. */
export const poll = async (world: World, client: string, codes: Codes): Promise<Record<string, unknown>> => {
  world.clock.advance(codes.interval * 1000);
  return pollAtOnce(world, client, codes);
};
export const pollAtOnce = async (world: World, client: string, { device_code }: Codes) =>
  (await post(world, '/token', { grant_type: deviceGrant, client_id: client, device_code })).body;

/** Types a code into the page. */
export const typeCode = async (browser: Browser, userCode: string, headers = {}): Promise<Answer> => {
  const page = await browser.go('/device', { headers });
  return browser.go(formTo(page, /^\/device$/).action, { form: { user_code: userCode }, headers });
};

/** Answers the question of the page. */
export const answer = (browser: Browser, page: Answer, given: 'allow' | 'deny'): Promise<Answer> => {
  const { action, hidden } = formTo(page, /^\/device\/confirm$/);
  return browser.visit(action, { form: { ...hidden, answer: given } });
};

/** Types the code, confirms it, and signs the person in with password and app. Gives the last page. */
export const connectDevice = async (browser: Browser, userCode: string, person: TestPerson): Promise<Answer> => {
  const password = await answer(browser, await typeCode(browser, userCode), 'allow');
  const second = await enterPassword(browser, password, person);
  return enterCode(browser, second, await person.phone.code());
};
