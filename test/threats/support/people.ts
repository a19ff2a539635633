/** Adds people for walks: with a number they are called first and also have an app, otherwise they have an app only. */
import { randomBytes } from 'node:crypto';
import { generate, generateSecret } from 'otplib';
import type { User } from '../../../src/records.ts';
import type { InProcessApp } from './in-process-app.ts';

export interface WalkPerson {
  readonly user: User;
  readonly password: string;
  /** The id of their phone. */
  readonly phone?: string;
  /** The code of the app now. */
  code(): Promise<string>;
}

export const addWalkPerson = async (inside: InProcessApp, name: string, number?: string): Promise<WalkPerson> => {
  const { authenticators, users } = inside.services;
  const password = `${name} ${randomBytes(9).toString('base64url')}`;
  const secret = generateSecret({ length: 20 });
  const added = await users.add({ name, displayName: name, passwordHash: inside.hashOf(password) }, 'system');
  if (!added.ok) throw new Error(`${name} cannot be added`);
  const { id } = added.user;
  const phone = number && (await authenticators.bind(id, { type: 'phone', label: 'mobile', data: { number } }));
  if (phone) await authenticators.prefer(id, phone.id, 'call');
  await authenticators.bind(id, { type: 'totp', label: 'App', data: { secret, lastStep: -1 } });
  return {
    user: (await users.get(id)) ?? added.user,
    password,
    ...(phone && { phone: phone.id }),
    code: () => generate({ secret, epoch: Math.floor(inside.clock() / 1000) }),
  };
};
