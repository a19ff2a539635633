/** For each factor, the person's side of it: how they come to be asked, how they answer right, and by which address. */
import type { Factor } from '../../src/mfa/factor.ts';
import type { Inhabitant } from '../support/world.ts';
import { pressed, type Sent } from './support-telephone.ts';
import { codeAt, type Stage, type Started, type Witness } from './support-stage.ts';

export interface Answering {
  /** Chooses this factor in a sign-in after the password, with this row of the picker. */
  readonly row: (person: Inhabitant) => string;
  /** What the factor itself takes for right. */
  readonly right: (stage: Stage, person: Inhabitant) => Promise<string>;
  /** Gives the right answer of this factor by its own address. `sent`: what was sent to the person for it. */
  readonly answer: (stage: Stage, browser: Witness, started: Started, person: Inhabitant, sent?: Sent) => Promise<void>;
}

/** A new factor needs its line here; the matrices say which one is missing. */
export const answering: Readonly<Record<Factor['type'], Answering>> = {
  call: {
    row: ({ user }) => `call:${user.defaultMethod?.authenticator ?? ''}`,
    right: async () => '#',
    async answer(stage, browser, { uid }, _person, sent) {
      if (sent !== undefined) await pressed(stage, sent, '#');
      await browser.visit(`/interaction/${uid}/factor`, { form: {} });
    },
  },
  totp: {
    row: () => 'totp',
    right: (stage, person) => codeAt(person, stage.clock()),
    async answer(stage, browser, { uid }, person) {
      const code = await codeAt(person, stage.clock());
      await browser.visit(`/interaction/${uid}/factor`, { form: { code } });
    },
  },
};
