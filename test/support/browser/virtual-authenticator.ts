/**
 * Gives a tab an authenticator of Chromium's own (DevTools protocol, domain WebAuthn). It answers the requests of the pages of this
 * tab, also without a window for the person to choose in.
 */
import type { CDPSession, Page } from 'playwright-core';
import type { StoredCredential } from '../authenticator/authenticator.ts';

/** What Chromium can imitate. */
export interface VirtualModel {
  readonly protocol: 'ctap2' | 'u2f';
  readonly transport: 'internal' | 'usb';
  /** It checks PIN, finger or face, and keeps credentials itself. */
  readonly isModern: boolean;
  /** Its credentials are synced between the devices of a person. */
  readonly isSynced: boolean;
}

export const virtualModels = {
  phone: { protocol: 'ctap2', transport: 'internal', isModern: true, isSynced: true },
  laptop: { protocol: 'ctap2', transport: 'internal', isModern: true, isSynced: false },
  /** A security key of the first kind: only a touch. */
  touchOnly: { protocol: 'u2f', transport: 'usb', isModern: false, isSynced: false },
} as const satisfies Readonly<Record<string, VirtualModel>>;

type Held = Awaited<ReturnType<typeof heldBy>>[number];
const heldBy = async (session: CDPSession, authenticatorId: string) =>
  (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;

export interface VirtualAuthenticator {
  readonly session: CDPSession;
  /** The credentials that it holds. Their ids are base64. */
  credentials(): Promise<readonly Held[]>;
  /** Adds a credential that a software authenticator has made. */
  hold(credential: StoredCredential): Promise<void>;
  /** Whether the next checks of PIN, finger or face succeed. */
  verifies(succeeds: boolean): Promise<void>;
  /** Whether a person touches it as soon as it asks. Otherwise it waits until the request ends. */
  isTouched(at: boolean): Promise<void>;
  /** Resolves when the browser makes it forget a credential, from now on (Signal API). */
  forgets(): Promise<void>;
  /** How often a credential has answered: each time with one touch. */
  readonly answers: () => number;
}

/** Chromium counts the answers of each credential. One that another tab holds next has to continue, or it looks copied. */
let held = 0;

const base64 = (text: string): string => Buffer.from(text, 'base64url').toString('base64');

/** Adds an authenticator to this tab. It is touched at once, and its checks succeed, until a test says otherwise. */
export const addAuthenticator = async (
  page: Page,
  { protocol, transport, isModern, isSynced }: VirtualModel = virtualModels.phone,
): Promise<VirtualAuthenticator> => {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol,
      transport,
      ...(protocol === 'ctap2' && { ctap2Version: 'ctap2_1' }),
      hasResidentKey: isModern,
      hasUserVerification: isModern,
      isUserVerified: isModern,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: isSynced,
      defaultBackupState: isSynced,
    },
  });
  let answers = 0;
  session.on('WebAuthn.credentialAsserted', () => {
    answers += 1;
  });
  return {
    session,
    credentials: () => heldBy(session, authenticatorId),
    async hold({ id, rpId, userHandle, isDiscoverable, key, counter }) {
      await session.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: {
          credentialId: base64(id),
          isResidentCredential: isDiscoverable,
          rpId,
          userHandle: base64(userHandle),
          privateKey: key.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
          signCount: counter + (held += 100),
          backupEligibility: isSynced,
          backupState: isSynced,
        },
      });
    },
    async verifies(isUserVerified) {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    async isTouched(enabled) {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    forgets: () =>
      new Promise(resolve => {
        session.once('WebAuthn.credentialDeleted', () => resolve());
      }),
    answers: () => answers,
  };
};
