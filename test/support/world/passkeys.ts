/** Gives people passkeys, and signs them in by a passkey alone, as the script of the sign-in page does. */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { PasskeyOffer } from '../../../src/passkey-options.ts';
import { readRegistration } from '../../../src/mfa/passkeys/credential.ts';
import { passkeyType } from '../../../src/mfa/passkeys/data.ts';
import { creationOptions, newPasskeyChallenge } from '../../../src/mfa/passkeys/options.ts';
import { verifyRegistration } from '../../../src/mfa/passkeys/registration.ts';
import { models, SoftwareAuthenticator, type Model, type RequestChanges } from '../authenticator/authenticator.ts';
import { uidOf, type Answer, type Browser } from '../browser/plain.ts';
import type { TestPerson, World, WorldOptions } from './world.ts';

/** An IP address is no RP ID, so the issuer has a name. */
export const withPasskeys = {
  hostname: 'localhost',
  env: { SALLYPORT_FACTORS: 'totp,call,passkey' },
} as const satisfies WorldOptions;

/** A passkey of a person, as its authenticator and the store have it. */
export interface OwnPasskey {
  readonly authenticator: SoftwareAuthenticator;
  /** Of the record. */
  readonly id: string;
  /** Of the credential. */
  readonly handle: string;
}

/** Binds a new passkey, without the pages of its enrollment. `authenticator`: one that may hold others. */
export const givePasskey = async (
  { settings, services, issuer, clock }: World,
  { user }: Pick<TestPerson, 'user'>,
  authenticator = new SoftwareAuthenticator(models.phone),
): Promise<OwnPasskey> => {
  const { passkeys: policy } = settings;
  const challenge = newPasskeyChallenge();
  const options = creationOptions(policy, {
    challenge,
    person: { id: user.id, name: user.name },
    userVerification: 'preferred',
    exclude: [],
  });
  const registration = readRegistration(
    JSON.stringify(authenticator.create(options as PublicKeyCredentialCreationOptionsJSON, issuer.origin)),
  );
  if (registration === undefined) throw new Error('the registration cannot be read');
  const expected = { challenge, origin: issuer.origin, userVerification: 'preferred', now: clock() } as const;
  const result = await verifyRegistration(registration, expected, policy);
  if (!result.ok) throw new Error(`the registration is ${result.because}`);
  const { handle, data } = result;
  const { id } = await services.authenticators.bind(user.id, { type: passkeyType, label: 'Passkey', handle, data });
  return { authenticator, id, handle };
};

export const createModel = (changes: Partial<Model>): SoftwareAuthenticator =>
  new SoftwareAuthenticator({ ...models.phone, ...changes });

/** A new challenge for the sign-in of this page. */
export const newOffer = async (browser: Browser, page: Answer): Promise<PasskeyOffer> =>
  JSON.parse(
    (await browser.go(`/interaction/${uidOf(page)}/passkey`, { headers: { accept: 'application/json' } })).text,
  ) as PasskeyOffer;

/** The form that answers this challenge. */
export const answerTo = (
  { options, ticket }: PasskeyOffer,
  authenticator: SoftwareAuthenticator,
  origin: string,
  changes: RequestChanges = {},
): { readonly ticket: string; readonly credential: string } => ({
  ticket,
  credential: JSON.stringify(authenticator.get(options as PublicKeyCredentialRequestOptionsJSON, origin, changes)),
});

/** Uses a passkey on the sign-in page, and goes on to the next page. `name`: what is typed in the field for the name. */
export const usePasskey = async (
  { issuer }: Pick<World, 'issuer'>,
  browser: Browser,
  page: Answer,
  authenticator: SoftwareAuthenticator,
  { name, ...changes }: RequestChanges & { readonly name?: string } = {},
): Promise<Answer> => {
  const form = answerTo(await newOffer(browser, page), authenticator, issuer.origin, changes);
  return browser.visit(`/interaction/${uidOf(page)}/passkey`, {
    form: { ...form, ...(name !== undefined && { name }) },
  });
};
