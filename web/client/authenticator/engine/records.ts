/** Defines what the authenticator keeps on the device. `database.ts` keeps it in IndexedDB. */
import type { CryptoKey } from 'jose';
import type { ServerKeys, Unlock } from '../../../../src/mfa/push/protocol.ts';
import type { EpochMillis } from '../../../../src/ports/time.ts';
import type { AppLanguage, Ended, Entry } from '../state.ts';
import type { KeptCodes } from './codes.ts';
import type { DeviceKey } from './device-key.ts';

/** An account of this deployment. */
export interface StoredAccount {
  readonly kind: 'account';
  readonly id: string;
  readonly title: string;
  readonly account: string;
  readonly state: Entry['state'];
  /** Name of this device. */
  readonly device: string;
  readonly key: DeviceKey;
  /** Thumbprint of the first key of the server, as it was at the pairing. */
  readonly pinned: string;
  /** The keys as the server told them last. Each chain is verified again before it is used. */
  readonly serverKeys: ServerKeys;
  readonly unlock: Unlock;
  /** Where codes came with the pairing. */
  readonly codes?: KeptCodes;
  /** The WebAuthn credential that checks the person, where the policy wanted one. */
  readonly credential?: { readonly id: string; readonly rpId: string };
  /** While the pairing is not done. */
  readonly pairing?: {
    readonly digits: string;
    readonly expiresAt: EpochMillis;
    /** PublicKeyCredentialCreationOptionsJSON. */
    readonly creation?: object;
  };
}

/** Codes of another website. */
export interface StoredCodes {
  readonly kind: 'codes';
  readonly id: string;
  readonly title: string;
  readonly account: string;
  readonly codes: KeptCodes;
}

export type StoredEntry = StoredAccount | StoredCodes;

/** Single values. */
export interface Settings {
  /** Chosen in the app. */
  readonly language: AppLanguage;
  /** Wraps the secrets of codes. */
  readonly wrappingKey: CryptoKey;
}

/** What is kept. Each method is one transaction. */
export interface Store {
  /** In the order in which they were added. */
  entries(): Promise<readonly StoredEntry[]>;
  putEntry(entry: StoredEntry): Promise<void>;
  removeEntry(id: string): Promise<void>;
  /** Newest first. */
  history(): Promise<readonly Ended[]>;
  /** Adds the end of a request, and forgets the oldest beyond `maxEnded`. */
  putEnded(ended: Ended): Promise<void>;
  setting<Name extends keyof Settings>(name: Name): Promise<Settings[Name] | undefined>;
  putSetting<Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<void>;
}

/** Ended requests that are kept. */
export const maxEnded = 50;
