/**
 * Reads the JSON of a `PublicKeyCredential` that a page posts. Only the members that are verified are kept: extension results
 * and unknown members are ignored, never trusted.
 */
import type { Json } from '../../ports/stores.ts';
import { maxCredentialIdBytes } from './data.ts';

/** Longest posted text, in bytes. */
export const maxCredentialBytes = 32_768;

/** An answer of a bound passkey (`AuthenticationResponseJSON`); all texts are base64url. */
export interface Assertion {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle?: string;
}

/** A new passkey (`RegistrationResponseJSON`). */
export interface Registration {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports: readonly string[];
}

type Members = Readonly<Record<string, Json>>;

const knownTransports = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal'];

const isMembers = (value: Json | undefined): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): Json | undefined => {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

const base64url = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && /^[A-Za-z0-9_-]+$/.test(value) ? value : undefined;

/** In its one canonical spelling, because stored ids are compared as text. */
const credentialId = (value: Json | undefined): string | undefined => {
  const id = base64url(value);
  const bytes = Buffer.from(id ?? '', 'base64url');
  return bytes.length <= maxCredentialIdBytes && bytes.toString('base64url') === id ? id : undefined;
};

const membersOf = (answer: Json): { readonly id: string; readonly response: Members } | undefined => {
  if (typeof answer !== 'string' || Buffer.byteLength(answer) > maxCredentialBytes) return undefined;
  const credential = parsed(answer);
  if (!isMembers(credential)) return undefined;
  const { id: written, rawId, type, response } = credential;
  const id = credentialId(written);
  return id === undefined || rawId !== id || type !== 'public-key' || !isMembers(response)
    ? undefined
    : { id, response };
};

/** The assertion in a posted text; undefined: it is none. */
export const readAssertion = (answer: Json): Assertion | undefined => {
  const members = membersOf(answer);
  if (members === undefined) return undefined;
  const { id, response } = members;
  const [clientDataJSON, authenticatorData, signature] = [
    base64url(response['clientDataJSON']),
    base64url(response['authenticatorData']),
    base64url(response['signature']),
  ];
  if (clientDataJSON === undefined || authenticatorData === undefined || signature === undefined) return undefined;
  const { userHandle } = response;
  // Absent where the browser was told which credential to use. Some browsers then write null or an empty text.
  if (userHandle === undefined || userHandle === null || userHandle === '')
    return { id, clientDataJSON, authenticatorData, signature };
  const handle = base64url(userHandle);
  return handle === undefined ? undefined : { id, clientDataJSON, authenticatorData, signature, userHandle: handle };
};

/** The new passkey in a posted text; undefined: it is none. */
export const readRegistration = (answer: Json): Registration | undefined => {
  const members = membersOf(answer);
  if (members === undefined) return undefined;
  const { id, response } = members;
  const [clientDataJSON, attestationObject] = [
    base64url(response['clientDataJSON']),
    base64url(response['attestationObject']),
  ];
  if (clientDataJSON === undefined || attestationObject === undefined) return undefined;
  const { transports } = response;
  return {
    id,
    clientDataJSON,
    attestationObject,
    transports: Array.isArray(transports) ? knownTransports.filter(each => transports.includes(each)) : [],
  };
};
