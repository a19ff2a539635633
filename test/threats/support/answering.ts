/** For each factor, the person's side of it: how they come to be asked, what they then know, and by which address they say it. */
import type { Factor } from '../../../src/mfa/factor.ts';
import { glance, takeCall } from '../../support/human/person.ts';
import type { TestPerson } from '../../support/world/world.ts';
import { pressed, type Sent } from './telephone.ts';
import { codeAt, type Stage, type Started, type Witness } from './stage.ts';

export interface Answering {
  /** Chooses this factor in a sign-in after the password, with this row of the picker. */
  readonly row: (person: TestPerson) => string;
  /** What the factor itself takes for right, once the person was asked by it: a text was read, a call was listened to. */
  readonly learn: (stage: Stage, person: TestPerson) => Promise<string>;
  /** Gives that answer by the factor's own address. `sent`: the call that was made for it. */
  readonly answer: (stage: Stage, browser: Witness, started: Started, learnt: string, sent?: Sent) => Promise<void>;
}

const byCode: Answering['answer'] = async (_stage, browser, { uid }, code) =>
  void (await browser.visit(`/interaction/${uid}/factor`, { form: { code } }));

const ofPhone =
  (type: string): Answering['row'] =>
  ({ user }) =>
    `${type}:${user.defaultMethod?.authenticator ?? ''}`;

/** A new factor needs its line here; the matrices say which one is missing. */
export const answering: Readonly<Record<Factor['type'], Answering>> = {
  call: {
    row: ofPhone('call'),
    learn: async () => '#',
    async answer(stage, browser, { uid }, keys, sent) {
      if (sent !== undefined) await pressed(stage, sent, keys);
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
  totp: { row: () => 'totp', learn: (stage, person) => codeAt(person, stage.clock()), answer: byCode },
};
