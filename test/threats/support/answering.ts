/** For each factor, the person's side of it: how they come to be asked, what they then know, and by which address they say it. */
import type { Factor } from '../../../src/mfa/factor.ts';
import { glance, takeCall } from '../../support/human/person.ts';
import type { TestPerson } from '../../support/world/world.ts';
import { postSignedKeys, type RecordedCall } from './call-recorder.ts';
import { codeAt } from '../../support/codes.ts';
import type { ThreatWorld, StartedSignIn, RecordingBrowser } from './threat-world.ts';

export interface FactorAnswering {
  /** Chooses this factor in a sign-in after the password, with this row of the picker. */
  readonly row: (person: TestPerson) => string;
  /** What the factor itself takes for right, once the person was asked by it: a text was read, a call was listened to. */
  readonly learn: (world: ThreatWorld, person: TestPerson) => Promise<string>;
  /** Gives that answer by the factor's own address. `sent`: the call that was made for it. */
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

const ofPhone =
  (type: string): FactorAnswering['row'] =>
  ({ user }) =>
    `${type}:${user.defaultMethod?.authenticator ?? ''}`;

/** A new factor needs its line here; the matrices say which one is missing. */
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
