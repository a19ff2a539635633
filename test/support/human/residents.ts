/** Adds people with one to four methods: mobile, alternate number, extension in an office, app. */
import { generateSecret } from 'otplib';
import { person as atPhone, type PersonAtPhone } from '../../../simulator/person.ts';
import type { Person } from '../../../simulator/simulation/people.ts';
import type { Authenticator } from '../../../src/mfa/factor.ts';
import { userKind, type User } from '../../../src/records.ts';
import type { World } from '../world/world.ts';
import { hashOf } from '../hash-of.ts';

const password = 'copper-beacon-desert';
export const office = '+12025550150';
export const extension = '421';
const secrets = { ines: generateSecret({ length: 20 }), theo: generateSecret({ length: 20 }) };

/** Their phones, for `startWorld`: mobiles of Ines and Theo, an alternate of Ines, and the office of Contoso. */
export const residentPhones: readonly Person[] = [
  { name: 'ines', number: '+12025550160', totpSecret: secrets.ines },
  { name: 'ines at home', number: '+12025550161' },
  { name: 'theo', number: '+12025550162', totpSecret: secrets.theo },
  { name: 'Contoso', number: office, extensions: { [extension]: 'Ines at work', '422': 'Theo at work' } },
];

/** Methods that a person may have. */
export type MethodName = 'mobile' | 'alternate' | 'office' | 'app';

export interface Resident {
  readonly name: string;
  readonly password: string;
  readonly user: User;
  readonly mobile: PersonAtPhone;
  readonly alternate: PersonAtPhone;
  /** The front desk of the office. `extension`: the phone behind it. */
  readonly desk: PersonAtPhone;
  readonly extension: PersonAtPhone;
  readonly app: PersonAtPhone;
  /** Ids of the bound authenticators. */
  readonly bound: Readonly<Partial<Record<MethodName, string>>>;
}

const numbers = { ines: '+12025550160', theo: '+12025550162' } as const;

/** Adds an account with these methods, the first one oldest. */
export const addResident = async (
  world: World,
  who: 'ines' | 'theo',
  has: readonly MethodName[],
  more: { readonly account?: string; readonly language?: string } = {},
): Promise<Resident> => {
  const { services, simulator, store } = world;
  const { account = who, language } = more;
  const passwordHash = await hashOf(services, password);
  const added = await services.users.add({ name: account, displayName: account, passwordHash }, 'system');
  if (!added.ok) throw new Error(`${account} cannot be added: ${added.reason}`);
  const { id } = added.user;
  const bind = async (type: string, label: string, data: Record<string, string | number>): Promise<Authenticator> =>
    services.authenticators.bind(id, { type, label, data });
  const binders: Readonly<Record<MethodName, () => Promise<Authenticator>>> = {
    mobile: async () => bind('phone', 'mobile', { number: numbers[who] }),
    alternate: async () => bind('phone', 'alternate', { number: '+12025550161' }),
    office: async () => bind('phone', 'office', { number: office, extension }),
    app: async () => bind('totp', 'Authenticator app', { secret: secrets[who], lastStep: -1 }),
  };
  const bound: Partial<Record<MethodName, string>> = {};
  for (const each of has) bound[each] = (await binders[each]()).id;
  const people = store.durable.collection(userKind);
  const kept = await people.get(id);
  const user = kept && language !== undefined ? await people.replace({ ...kept, language }) : kept;
  if (user === undefined) throw new Error(`${account} is gone`);
  return {
    name: account,
    password,
    user,
    mobile: atPhone(simulator, numbers[who]),
    alternate: atPhone(simulator, '+12025550161'),
    desk: atPhone(simulator, office),
    extension: atPhone(simulator, `${office};ext=${extension}`),
    app: atPhone(simulator, who),
    bound,
  };
};
