/** Answers each factor as its person: chooses it, learns the right answer, and sends it to the factor's address. */
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { decodeJwt } from 'jose';
import type { Factor } from '../../../src/mfa/factor.ts';
import type { Json } from '../../../src/ports/stores.ts';
import type { SoftwareAuthenticator } from '../../support/authenticator/authenticator.ts';
import { glance, takeCall } from '../../support/human/person.ts';
import type { OwnPhone } from '../../support/world/phones.ts';
import type { TestPerson } from '../../support/world/world.ts';
import { postSignedKeys, type RecordedCall } from './call-recorder.ts';
import { codeAt } from '../../support/codes.ts';
import type { ThreatWorld, StartedSignIn, RecordingBrowser } from './threat-world.ts';

export interface FactorAnswering {
  /** The answer as the factor gets it below the API, where it is not the text that `learn` gives. */
  readonly below?: (learnt: string) => Json;
  /** The value of this factor in the form of options. */
  readonly row: (person: TestPerson) => string;
  /** The right answer, after the person was asked: reads a text, listens to a call, or has a passkey answer. */
  readonly learn: (world: ThreatWorld, person: TestPerson, started: StartedSignIn) => Promise<string>;
  /** Sends that answer to the factor's own address. `sent`: the call that was made for it. */
  readonly answer: (
    world: ThreatWorld,
    browser: RecordingBrowser,
    started: StartedSignIn,
    learnt: string,
    sent?: RecordedCall,
  ) => Promise<void>;
}

const byCode: FactorAnswering['answer'] = async (_stage, browser, { uid }, code) =>
  void (await browser.visit(`/interaction/${uid}/factor`, { form: { code } }));

/** By a passkey of the person in this authenticator. */
export const byPasskey = (authenticator: SoftwareAuthenticator): FactorAnswering => ({
  row: () => 'passkey',
  async learn(world, _person, { uid }) {
    const { prompt } = (await world.challenge(uid)) ?? {};
    if (prompt?.kind !== 'passkey') throw new Error(`got ${prompt?.kind ?? 'no prompt'}, expected one for a passkey`);
    const options = prompt.options as PublicKeyCredentialRequestOptionsJSON;
    return JSON.stringify(authenticator.get(options, world.issuer.origin));
  },
  async answer(_world, browser, { uid }, credential) {
    await browser.visit(`/interaction/${uid}/factor`, { form: { credential } });
  },
});

/** By a phone of the person. The answer is what the phone signs: no browser can answer for it. */
export const byApproval = ({ phone, id }: OwnPhone): FactorAnswering => ({
  row: () => `push:${id}`,
  async learn(world, _person, { uid }) {
    const { prompt } = (await world.challenge(uid)) ?? {};
    if (prompt?.kind !== 'approve') throw new Error(`got ${prompt?.kind ?? 'no prompt'}, expected one for a phone`);
    return phone.sign(await phone.request(), { decision: 'approve', number: prompt.show });
  },
  below: signed => decodeJwt<Record<string, Json>>(signed),
  async answer(_world, browser, { uid }, signed) {
    await phone.send(signed);
    await browser.visit(`/interaction/${uid}/factor`, { form: {} });
  },
});

const ofPhone =
  (type: string): FactorAnswering['row'] =>
  ({ user }) =>
    `${type}:${user.defaultMethod?.authenticator ?? ''}`;

/** Factors whose answers are tested elsewhere: `flows/code-by-mail`, A55 to A57, and `recovery/passes`. */
const elsewhere: ReadonlySet<string> = new Set(['email', 'recovery-code', 'temporary-access-pass']);

/** Whether the matrices cover this factor. */
export const isAnsweredHere = ({ type }: Pick<Factor, 'type'>): boolean => !elsewhere.has(type);

/** A new factor needs an entry here, or one of its own as the passkey has. The matrices name the missing one. */
export const answering: Readonly<Record<Factor['type'], FactorAnswering>> = {
  call: {
    row: ofPhone('call'),
    learn: async () => '#',
    async answer(world, browser, { uid }, keys, sent) {
      if (sent !== undefined) await postSignedKeys(world, sent, keys);
      await browser.visit(`/interaction/${uid}/factor`, { form: {} });
    },
  },
  sms: { row: ofPhone('sms'), learn: async (_stage, { phone }) => (await glance(phone)).code, answer: byCode },
  spoken: {
    row: ofPhone('spoken'),
    async learn(_stage, { phone }) {
      const { wroteDown } = await takeCall(phone, { wants: 'code' });
      if (wroteDown === undefined) throw new Error('nothing was dictated');
      return wroteDown;
    },
    answer: byCode,
  },
  totp: { row: () => 'totp', learn: async (world, person) => codeAt(person, world.clock()), answer: byCode },
};
