/** Reads the session of a prompt as it is stored now. An interaction keeps only what it was when the prompt began. */
import type { default as Provider } from 'oidc-provider';
import { Problem } from '../../../src/errors.ts';
import type { Interaction } from './request.ts';

/** A session with a person. `loginTs`: when they signed in, in seconds since 1970. */
export type SignedInSession = InstanceType<Provider['Session']> & {
  readonly accountId: string;
  readonly loginTs: number;
};

const isOf = (session: InstanceType<Provider['Session']>, accountId: string): session is SignedInSession =>
  session.accountId === accountId && session.loginTs !== undefined;

/** @throws Problem 'sign-in-lost' if the session has ended or is another person's now. */
export const sessionNow = async (provider: Provider, { session, prompt }: Interaction): Promise<SignedInSession> => {
  const now = session && (await provider.Session.findByUid(session.uid));
  if (session !== undefined && now !== undefined && isOf(now, session.accountId)) return now;
  throw new Problem('sign-in-lost', `the session of this prompt (${prompt.name}) has ended`);
};
