/** Adds people who have one method, by the type of its factor, and answers the page of the second step as they can. */
import { generateSecret } from 'otplib';
import type { FactorType } from '../../../src/factor-types.ts';
import type { Acr } from '../../../src/mfa/factor.ts';
import type { PasskeyRequestOptions } from '../../../src/passkey-options.ts';
import type { Json } from '../../../src/ports/stores.ts';
import type { User } from '../../../src/records.ts';
import type { SoftwareAuthenticator } from '../../support/authenticator/authenticator.ts';
import type { Answer } from '../../support/browser/plain.ts';
import { codeAt } from '../../support/codes.ts';
import { hashOf } from '../../support/hash-of.ts';
import { numberOn } from '../../support/human/pairing.ts';
import { glance, takeCall } from '../../support/human/person.ts';
import type { Phone } from '../../support/phone/phone.ts';
import { pairedPhone, pin } from '../../support/world/approvals.ts';
import { givePasskey } from '../../support/world/passkeys.ts';
import { pickUp } from '../../support/world/relying-party.ts';
import type { TestPerson, World } from '../../support/world/world.ts';

/** What a method lets its person do. */
interface Means {
  /** Gives the form that answers the page of the second step. */
  readonly answer: (page: Answer) => Promise<Readonly<Record<string, string>>>;
  readonly passkey?: SoftwareAuthenticator;
  /** The phone with the authenticator. */
  readonly phone?: Phone;
}

/** A person with a method. `password` changes when they choose a new one. */
export interface Owner extends Means, Pick<TestPerson, 'user' | 'name'> {
  password: string;
}

/** A factor, and the level that a sign-in by password and this factor reaches. */
export interface OneMethod {
  readonly factor: FactorType | 'no factor';
  readonly proves: Acr;
  readonly bind: (world: World, user: User) => Promise<Means>;
}

const bindTo = (world: World, user: User, type: string, data: Json) =>
  world.services.authenticators.bind(user.id, { type, label: type, data });

/** Binds the phone number of grace: one telephone is enough for all people of a world. */
const byTelephone =
  (answer: (phone: TestPerson['phone']) => Promise<Readonly<Record<string, string>>>): OneMethod['bind'] =>
  async (world, user) => {
    const { number = '', phone } = world.people.grace;
    await bindTo(world, user, 'phone', { number });
    return { answer: () => answer(phone) };
  };

const optionsIn = ({ text }: Answer): PasskeyRequestOptions =>
  JSON.parse((/data-passkey="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"')) as PasskeyRequestOptions;

/** A person with a password alone. */
export const noMethod: OneMethod = {
  factor: 'no factor',
  proves: 'sfa',
  bind: async () => ({ answer: async () => ({}) }),
};

/** Every factor but recovery codes and passes, which stand for a lost method (A55 to A57); and no method. */
export const oneMethod: readonly OneMethod[] = [
  noMethod,
  {
    factor: 'call',
    proves: 'mfa',
    bind: byTelephone(async phone => {
      await pickUp({ phone }, '#');
      return {};
    }),
  },
  { factor: 'sms', proves: 'aal2', bind: byTelephone(async phone => ({ code: (await glance(phone)).code })) },
  {
    factor: 'spoken',
    proves: 'aal2',
    bind: byTelephone(async phone => {
      const { wroteDown = '' } = await takeCall(phone, { wants: 'code' });
      await phone.hangUp();
      return { code: wroteDown };
    }),
  },
  {
    factor: 'email',
    proves: 'mfa',
    async bind(world, user) {
      const { email = '' } = user;
      await bindTo(world, user, 'email', { email });
      return {
        async answer() {
          const codes = (await world.mailsTo(email)).flatMap(({ text }) => /^\d{6}$/m.exec(text)?.[0] ?? []);
          return { code: codes[0] ?? '' };
        },
      };
    },
  },
  {
    factor: 'totp',
    proves: 'aal2',
    async bind(world, user) {
      const totpSecret = generateSecret({ length: 20 });
      await bindTo(world, user, 'totp', { secret: totpSecret, lastStep: -1 });
      return {
        async answer() {
          // A code of an app counts once.
          world.clock.advance(30_000);
          return { code: codeAt({ totpSecret }, world.clock()) };
        },
      };
    },
  },
  {
    factor: 'push',
    proves: 'mfa',
    async bind(world, user) {
      const phone = await pairedPhone(world, { user });
      return {
        phone,
        async answer(page) {
          await phone.answer(await phone.request(), { decision: 'approve', number: numberOn(page), pin });
          return {};
        },
      };
    },
  },
  {
    factor: 'passkey',
    proves: 'phr',
    async bind(world, user) {
      const { authenticator: passkey } = await givePasskey(world, { user });
      return {
        passkey,
        answer: async page => ({
          credential: JSON.stringify(passkey.get(optionsIn(page) as never, world.issuer.origin)),
        }),
      };
    },
  },
];

let added = 0;
/** Adds a new person with this method. */
export const addOwnerOf = async (world: World, { factor, bind }: OneMethod): Promise<Owner> => {
  added += 1;
  const name = `${factor.replace(' ', '-')}-${added}`;
  const password = 'oasis-comet-basil';
  const result = await world.services.users.add(
    {
      name,
      displayName: name,
      email: `${name}@example.com`,
      emailVerified: true,
      passwordHash: await hashOf(world.services, password),
    },
    'system',
  );
  if (!result.ok) throw new Error(`${name} cannot be added: ${result.reason}`);
  const { user } = result;
  return { user, name, password, ...(await bind(world, user)) };
};
