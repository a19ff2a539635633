/** Adds people to the stores of a site, and gives each code of their apps once. */
import { generateSecret, generateSync } from 'otplib';
import type { CommandServices } from '../../../../cli/services.ts';
import { addPhone, person as phoneOf, type PersonAtPhone } from '../../../../simulator/person.ts';
import { hashOf } from '../../../support/hash-of.ts';
import { pause } from './nodes.ts';

export type SecondStep = 'totp' | 'call';

/** A code with its time step, which counts once. */
export interface AppCode {
  readonly code: string;
  readonly step: number;
}

export interface SitePerson {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  readonly secondStep: SecondStep;
  /** The next unused code; waits where all codes that the server takes now were used. */
  nextCode(): Promise<AppCode>;
  /** The phone in the simulator. @throws Error for a person with an app */
  phone(): PersonAtPhone;
}

const password = 'copper-beacon-desert';
const stepMillis = 30_000;

/** Gives codes from the oldest that is taken (RFC 6238 §5.2: one step of delay) on, each once. */
const codesOf = (secret: string): (() => Promise<AppCode>) => {
  let last = 0;
  return async () => {
    last = Math.max(last + 1, Math.floor(Date.now() / stepMillis) - 1);
    const step = last;
    // The server takes the next step too. A second more: its clock is read later than ours.
    const wait = (step - 1) * stepMillis + 1000 - Date.now();
    if (wait > 0) await pause(wait);
    return { step, code: generateSync({ secret, epoch: (step * stepMillis) / 1000 }) };
  };
};

/** Adds one person with a password and a second step. `simulator`: needed for calls. */
export const addPerson = async (
  services: CommandServices,
  of: { readonly name: string; readonly secondStep: SecondStep; readonly number: string; readonly simulator?: string },
): Promise<SitePerson> => {
  const { name, secondStep, number, simulator } = of;
  const passwordHash = await hashOf(services, password);
  const added = await services.users.add({ name, displayName: name, passwordHash }, 'system');
  if (!added.ok) throw new Error(`${name} cannot be added: ${added.reason}`);
  const { id } = added.user;
  const known = { id, name, password, secondStep };
  if (secondStep === 'totp') {
    const secret = generateSecret({ length: 20 });
    await services.authenticators.bind(id, { type: 'totp', label: 'App', data: { secret, lastStep: -1 } });
    const phone = (): never => {
      throw new Error(`${name} has no phone`);
    };
    return { ...known, nextCode: codesOf(secret), phone };
  }
  if (simulator === undefined) throw new Error('a site without carrier has no phones');
  await addPhone(simulator, { name, number });
  const phone = await services.authenticators.bind(id, { type: 'phone', label: 'mobile', data: { number } });
  await services.authenticators.prefer(id, phone.id, 'call');
  const nextCode = async (): Promise<never> => {
    throw new Error(`${name} has no app`);
  };
  return { ...known, nextCode, phone: () => phoneOf(simulator, number) };
};
