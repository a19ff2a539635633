/** Makes secrets, keys and the password of the profile at its first start, and keeps them in its folder. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import * as z from 'zod';
import { Problem } from '../../../src/errors.ts';
import { newClientSecret } from '../../../src/oidc/clients/secrets.ts';
import { passphrase } from '../passphrase.ts';
import { readState, writeState } from '../state.ts';
import { newCertificate } from './certificate.ts';

const key = z.looseObject({ kty: z.string(), kid: z.string() });
const certificate = z.object({ certificate: z.string(), key: z.string() });
const shape = z.object({
  password: z.string(),
  /** As SALLYPORT_SEALING_KEYS has it. */
  sealingKey: z.string(),
  /** By client id. */
  secrets: z.record(z.string(), z.string()),
  /** Private keys of the FAPI clients, which the suite plays. */
  fapiKeys: z.tuple([key, key]),
  /** Those of the FAPI clients that prove themselves by TLS, with their keys. */
  fapiCertificates: z.tuple([certificate, certificate]),
});

/** Content of the state file. */
export type ProfileState = z.output<typeof shape>;

/** The folder of the profile, in the working directory. Ignored by git. */
export const profileFolder = '.certification';
const file = join(profileFolder, 'state.json');

/** The state of the last start, or a new one. `ids`: of the clients with a secret. @throws Problem 'unreadable' */
export const loadProfileState = async (ids: readonly string[]): Promise<ProfileState> => {
  const saved = readState(file);
  if (saved !== undefined) {
    const parsed = shape.safeParse(saved);
    if (parsed.success) return parsed.data;
    throw new Problem('unreadable', `${file} is not the state of this profile: delete the folder ${profileFolder}`);
  }
  const created: ProfileState = {
    password: passphrase(),
    sealingKey: `certification:${randomBytes(32).toString('base64')}`,
    secrets: Object.fromEntries(ids.map(id => [id, newClientSecret()])),
    fapiKeys: [await newFapiKey('fapi-1'), await newFapiKey('fapi-2')],
    fapiCertificates: [newCertificate('mtls-1'), newCertificate('mtls-2')],
  };
  writeState(file, created);
  return created;
};

/** A new key of a FAPI client, with its private part. */
export const newFapiKey = async (kid: string): Promise<JWK & { kty: string; kid: string }> => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty = 'EC', ...jwk } = await exportJWK(privateKey);
  return { kty, ...jwk, kid, alg: 'ES256', use: 'sig' };
};

/** The public part of a key. */
export const publicPart = ({ d: _private, ...jwk }: JWK): JWK => jwk;
