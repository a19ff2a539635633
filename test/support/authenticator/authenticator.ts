/**
 * A browser with an authenticator, in software: creates credentials and answers with them, from the options that a page shows.
 *
 *     options ─create→ registration        ─get→ assertion
 *
 * Both are the JSON that a page posts. Without changes it behaves as WebAuthn tells browsers to. Each member of `Changes` makes
 * one part wrong, and the rest stays right: a changed part is signed again. What no signature covers (`id`, `userHandle`, the
 * signature itself) a test replaces in the answer.
 */
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { randomBytes } from 'node:crypto';
import type { Attestation } from './attestation.ts';
import { attestedCredential, authenticatorData, sha256, type Flags } from './authenticator-data.ts';
import { encodeCbor, type Cbor } from './cbor.ts';
import { algorithms, createKey, type Algorithm, type CredentialKey } from './keys.ts';

export interface Model {
  /** Algorithms that it knows, in any order: the page's order decides. */
  readonly algorithms: readonly Algorithm[];
  readonly aaguid: string;
  /** Its credentials are synced between devices of a person. */
  readonly isSynced: boolean;
  /** It verifies the user by PIN, finger or face. */
  readonly verifiesUser: boolean;
  /** It can be asked with no credential id. */
  readonly isDiscoverable: boolean;
  /** Its counter rises; otherwise it stays 0, as with synced passkeys. */
  readonly counts: boolean;
  readonly transports: NonNullable<RegistrationResponseJSON['response']['transports']>;
  /** Certificates of its maker, shown where the page asks for a direct attestation. */
  readonly attestation?: Attestation;
}

const phone: Model = {
  algorithms: ['ES256'],
  aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd',
  isSynced: true,
  verifiesUser: true,
  isDiscoverable: true,
  counts: false,
  transports: ['internal', 'hybrid'],
};
const securityKey: Model = {
  algorithms: ['ES256', 'EdDSA'],
  aaguid: 'cb69481e-8ff7-4039-93ec-0a2729a154a8',
  isSynced: false,
  verifiesUser: true,
  isDiscoverable: true,
  counts: true,
  transports: ['usb'],
};

/** A phone with synced passkeys, a security key with a PIN, and an old one that only notices a touch (U2F). */
export const models = {
  phone,
  securityKey,
  touchOnly: { ...securityKey, algorithms: ['ES256'], verifiesUser: false, isDiscoverable: false },
} satisfies Record<string, Model>;

export interface StoredCredential {
  /** base64url */
  readonly id: string;
  readonly rpId: string;
  /** base64url */
  readonly userHandle: string;
  readonly isDiscoverable: boolean;
  readonly key: CredentialKey;
  readonly counter: number;
}

/** What is wrong in an answer. */
export interface Changes {
  /** Members of the client data that replace the right ones; `undefined` leaves one out. */
  readonly clientData?: Readonly<Record<string, unknown>>;
  /** Changes the text of the client data. */
  readonly clientDataText?: (json: string) => string;
  readonly rpId?: string;
  readonly flags?: Partial<Flags>;
  readonly counter?: number;
  readonly extensions?: Cbor;
  /** Changes the bytes of the authenticator data before they are signed. */
  readonly authenticatorData?: (bytes: Buffer) => Buffer;
  /** Signs with another key. */
  readonly signedBy?: CredentialKey;
}

export interface CreationChanges extends Changes {
  /** Of the key, whether the page offers it or not. */
  readonly algorithm?: Algorithm;
  /** The key and the id of a credential that exists already. */
  readonly credential?: Pick<StoredCredential, 'id' | 'key'>;
  readonly id?: Uint8Array;
  /** none, self: signed by the new key; certified: by the certificates of the model. By default as the page asks. */
  readonly attestation?: 'none' | 'self' | 'certified';
  /** Members of the attestation object that replace the right ones. */
  readonly attestationObject?: Readonly<Record<string, Cbor>>;
  /** Creates one although an excluded credential is here. */
  readonly ignoresExcluded?: boolean;
}

export interface RequestChanges extends Changes {
  /** Answers with this one, whatever the page asks for. */
  readonly credential?: StoredCredential;
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const notAllowed = () => new DOMException('not allowed, or timed out', 'NotAllowedError');

export class SoftwareAuthenticator {
  readonly #model: Model;
  #credentials: readonly StoredCredential[];

  constructor(model: Model = models.phone, credentials: readonly StoredCredential[] = []) {
    this.#model = model;
    this.#credentials = credentials;
  }

  get credentials(): readonly StoredCredential[] {
    return this.#credentials;
  }

  /** A copy with the same keys and counters, as an attacker makes who reads the memory of a security key. */
  clone(): SoftwareAuthenticator {
    return new SoftwareAuthenticator(this.#model, this.#credentials);
  }

  /**
   * What `navigator.credentials.create` gives a page of this origin.
   * @throws DOMException as a browser does: InvalidStateError for an excluded credential, NotSupportedError, NotAllowedError.
   */
  create(
    options: PublicKeyCredentialCreationOptionsJSON,
    origin: string,
    changes: CreationChanges = {},
  ): RegistrationResponseJSON {
    const { algorithm = this.#algorithmFor(options), attestation = this.#attestationFor(options) } = changes;
    const { residentKey = 'discouraged', userVerification } = options.authenticatorSelection ?? {};
    if (!changes.ignoresExcluded && this.#holdsAnyOf(options.excludeCredentials))
      throw new DOMException('already registered', 'InvalidStateError');
    this.#verifyUser(userVerification);
    if (residentKey === 'required' && !this.#model.isDiscoverable) throw notAllowed();

    const rpId = options.rp.id ?? new URL(origin).hostname;
    const id = changes.credential?.id ?? base64url(changes.id ?? randomBytes(32));
    const credential: StoredCredential = {
      id,
      rpId,
      userHandle: options.user.id,
      isDiscoverable: this.#model.isDiscoverable && residentKey !== 'discouraged',
      key: changes.credential?.key ?? createKey(algorithm),
      counter: 0,
    };
    this.#keep(credential);
    const attested = attestedCredential(this.#model.aaguid, Buffer.from(id, 'base64url'), credential.key.cose);
    const clientData = this.#clientData('webauthn.create', options.challenge, origin, changes);
    const data = this.#authenticatorData(credential, attested, changes);
    const attestationObject = {
      ...this.#statement(attestation, credential, Buffer.concat([data, sha256(clientData)]), changes),
      authData: data,
      ...changes.attestationObject,
    };
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: this.#model.transports.includes('internal') ? 'platform' : 'cross-platform',
      clientExtensionResults: { credProps: { rk: credential.isDiscoverable } },
      response: {
        clientDataJSON: base64url(clientData),
        attestationObject: base64url(encodeCbor({ entries: Object.entries(attestationObject) })),
        authenticatorData: base64url(data),
        transports: [...this.#model.transports],
        publicKeyAlgorithm: algorithms[credential.key.algorithm],
        publicKey: base64url(credential.key.publicKey.export({ format: 'der', type: 'spki' })),
      },
    };
  }

  /**
   * What `navigator.credentials.get` gives a page of this origin.
   * @throws DOMException NotAllowedError as a browser does: no credential of the page is here, or no verified user.
   */
  get(
    options: PublicKeyCredentialRequestOptionsJSON,
    origin: string,
    changes: RequestChanges = {},
  ): AuthenticationResponseJSON {
    const rpId = options.rpId ?? new URL(origin).hostname;
    const found = changes.credential ?? this.#credentialFor(rpId, options.allowCredentials ?? []);
    if (found === undefined) throw notAllowed();
    this.#verifyUser(options.userVerification);
    const credential = { ...found, counter: found.counter + (this.#model.counts ? 1 : 0) };
    this.#keep(credential);
    const clientData = this.#clientData('webauthn.get', options.challenge, origin, changes);
    const data = this.#authenticatorData(credential, undefined, changes);
    const key = changes.signedBy ?? credential.key;
    return {
      id: credential.id,
      rawId: credential.id,
      type: 'public-key',
      authenticatorAttachment: this.#model.transports.includes('internal') ? 'platform' : 'cross-platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(data),
        signature: base64url(key.sign(Buffer.concat([data, sha256(clientData)]))),
        ...(credential.isDiscoverable && { userHandle: credential.userHandle }),
      },
    };
  }

  #keep(credential: StoredCredential): void {
    this.#credentials = [credential, ...this.#credentials.filter(({ id }) => id !== credential.id)];
  }

  #holdsAnyOf(listed: readonly { readonly id: string }[] = []): boolean {
    return listed.some(({ id }) => this.#credentials.some(each => each.id === id));
  }

  #credentialFor(rpId: string, allowed: readonly { readonly id: string }[]): StoredCredential | undefined {
    const here = this.#credentials.filter(each => each.rpId === rpId);
    if (allowed.length === 0) return here.find(({ isDiscoverable }) => isDiscoverable);
    return here.find(each => allowed.some(({ id }) => id === each.id));
  }

  #verifyUser(wanted: string | undefined): void {
    if (wanted === 'required' && !this.#model.verifiesUser) throw notAllowed();
  }

  #algorithmFor({ pubKeyCredParams }: PublicKeyCredentialCreationOptionsJSON): Algorithm {
    for (const { alg } of pubKeyCredParams) {
      const known = this.#model.algorithms.find(each => algorithms[each] === alg);
      if (known !== undefined) return known;
    }
    throw new DOMException('no algorithm in common', 'NotSupportedError');
  }

  #attestationFor({ attestation }: PublicKeyCredentialCreationOptionsJSON): 'none' | 'self' | 'certified' {
    if (attestation !== 'direct') return 'none';
    return this.#model.attestation === undefined ? 'self' : 'certified';
  }

  #clientData(type: string, challenge: string, origin: string, changes: Changes): Buffer {
    const json = JSON.stringify({ type, challenge, origin, crossOrigin: false, ...changes.clientData });
    return Buffer.from(changes.clientDataText?.(json) ?? json);
  }

  #authenticatorData(credential: StoredCredential, attested: Buffer | undefined, changes: Changes): Buffer {
    const { isSynced, verifiesUser } = this.#model;
    const right = { up: true, uv: verifiesUser, be: isSynced, bs: isSynced, at: attested !== undefined };
    const bytes = authenticatorData({
      rpId: changes.rpId ?? credential.rpId,
      flags: { ...right, ed: changes.extensions !== undefined, ...changes.flags },
      counter: changes.counter ?? credential.counter,
      ...(attested !== undefined && { attested }),
      ...(changes.extensions !== undefined && { extensions: changes.extensions }),
    });
    return changes.authenticatorData?.(bytes) ?? bytes;
  }

  /** Format and statement of an attestation (WebAuthn §8.2, §8.7). */
  #statement(
    kind: 'none' | 'self' | 'certified',
    { key }: StoredCredential,
    signed: Buffer,
    { signedBy }: Changes,
  ): { readonly fmt: string; readonly attStmt: Cbor } {
    if (kind === 'none') return { fmt: 'none', attStmt: { entries: [] } };
    const { attestation } = this.#model;
    if (kind === 'self') {
      const sig = (signedBy ?? key).sign(signed);
      return {
        fmt: 'packed',
        attStmt: {
          entries: [
            ['alg', algorithms[key.algorithm]],
            ['sig', sig],
          ],
        },
      };
    }
    if (attestation === undefined) throw new Error('this model has no certificates');
    const { x5c } = attestation;
    const sig = (signedBy ?? attestation).sign(signed);
    return {
      fmt: 'packed',
      attStmt: {
        entries: [
          ['alg', algorithms.ES256],
          ['sig', sig],
          ['x5c', x5c],
        ],
      },
    };
  }
}
