/**
 * Tests what the policy asks of a person who chose to sign in no weaker than by a passkey. Guards:
 * `src/mfa/chosen-min-acr.ts#chosenMinAcr`, `src/oidc/required-acr.ts#requiredAcrOf`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Acr } from '../../src/mfa/factor.ts';
import { authorize, signedIn } from './support/flows.ts';
import { Browser, type Stop } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let client: Rp;
const open = async (canEnroll: readonly Acr[]): Promise<void> => {
  world = await openWorld({ canEnroll });
  client = await world.addClient({ client_id: 'contoso' });
  await world.addUser('ada', { authenticators: ['phone', 'passkey'], minAcr: 'phr' });
  world.reaches.set('ada', 'phr');
};
beforeEach(() => open(['mfa', 'aal2', 'phr']));
afterEach(() => world.close());

/** What follows a sign-in: a code, or the next prompt with the level that it asks for. */
const outcome = ({ at, url, answer }: Stop): string => {
  if (at !== 'interaction') return url.searchParams.has('code') ? 'code' : (url.searchParams.get('error') ?? url.href);
  const { prompt } = JSON.parse(answer.text) as { prompt: { name: string; details: { required: { acr: string } } } };
  return `${prompt.name} ${prompt.details.required.acr}`;
};
/** A sign-in that the pages end with this level, by this second step. */
const signIn = async (browser: Browser, acr: Acr, method: string): Promise<Stop> => {
  const asked = await authorize(browser, client);
  const result = { ...signedIn(world, 'ada', acr), mfa: { ts: Math.floor(world.clock() / 1000), method } };
  return browser.open('POST', asked.url.pathname, { json: result });
};

describe('a person who chose no weaker than their passkey', () => {
  test('gets a code after a sign-in of that level, and in its session', async () => {
    const browser = new Browser(world);
    expect(outcome(await signIn(browser, 'phr', 'passkey'))).toBe('code');
    expect(outcome(await authorize(browser, client))).toBe('code');
  });

  test('gets none after a weaker second step, whatever the pages say', async () => {
    const browser = new Browser(world);
    expect(outcome(await signIn(browser, 'aal2', 'totp'))).toBe('mfa phr');
    expect(outcome(await authorize(browser, client, { prompt: 'none' }))).toBe('unmet_authentication_requirements');
  });

  test('is asked again in a session from before the choice', async () => {
    await world.changeUser('ada', { minAcr: undefined } as never);
    const browser = new Browser(world);
    expect(outcome(await signIn(browser, 'aal2', 'totp'))).toBe('code');
    await world.changeUser('ada', { minAcr: 'phr' });
    expect(outcome(await authorize(browser, client))).toBe('mfa phr');
  });

  test.each(['recovery-code', 'temporary-access-pass'])('gets a code after a %s, also later', async method => {
    const browser = new Browser(world);
    expect(outcome(await signIn(browser, 'mfa', method))).toBe('code');
    expect(outcome(await authorize(browser, client))).toBe('code');
  });

  test('gets none after a recovery code where the client itself asks for that level', async () => {
    const strict = await world.addClient({ client_id: 'strict', min_acr: 'phr' });
    const browser = new Browser(world);
    await signIn(browser, 'aal2', 'recovery-code');
    expect(outcome(await authorize(browser, strict))).toBe('mfa phr');
  });

  test('is not shut out where the operator has turned passkeys off', async () => {
    await world.close();
    await open(['mfa', 'aal2']);
    world.reaches.set('ada', 'aal2');
    expect(outcome(await signIn(new Browser(world), 'aal2', 'totp'))).toBe('code');
  });
});
