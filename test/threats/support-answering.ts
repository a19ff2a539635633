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

const byCode = async (browser: Witness, { uid }: Started, code: string): Promise<void> => {
  await browser.visit(`/interaction/${uid}/factor`, { form: { code } });
};
/** What somebody types who was told nothing. */
const nothing = '000000';

/** The code of the newest text. */
const texted = async ({ phone }: Inhabitant): Promise<string> =>
  /\d{6}/.exec((await phone.messages())[0]?.text ?? '')?.[0] ?? nothing;

/** The code that a call dictates after #, where it still rings. */
const dictated = async ({ phone }: Inhabitant): Promise<string> => {
  const { calls } = await phone.phone();
  if (calls[0]?.status !== 'ringing') return nothing;
  await phone.answer();
  // On a call that offers no code # would be another answer.
  if (!/hear the code/.test((await phone.hear()).heard.at(-1)?.text ?? '')) return nothing;
  await phone.press('#');
  const said = (await phone.hear()).heard.at(-1)?.text ?? '';
  return /\d(?:\. \d){5}/.exec(said)?.[0].replaceAll(/\D/g, '') ?? nothing;
};

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
  sms: {
    row: ({ user }) => `sms:${user.defaultMethod?.authenticator ?? ''}`,
    right: async (_stage, person) => texted(person),
    answer: async (_stage, browser, started, person) => byCode(browser, started, await texted(person)),
  },
  spoken: {
    row: ({ user }) => `spoken:${user.defaultMethod?.authenticator ?? ''}`,
    right: async (_stage, person) => dictated(person),
    answer: async (_stage, browser, started, person) => byCode(browser, started, await dictated(person)),
  },
  totp: {
    row: () => 'totp',
    right: (stage, person) => codeAt(person, stage.clock()),
    answer: async (stage, browser, started, person) => byCode(browser, started, await codeAt(person, stage.clock())),
  },
};
