/** Has the device check finger, face or PIN of the person, by a WebAuthn credential of this device. */
import { answerOf, creationOptions, requestOptions } from '../../passkey.ts';
import type { BiometricBrowser } from '../engine/context.ts';

const rpIdOf = (options: object): string => {
  const rp: unknown = Reflect.get(options, 'rp');
  const id: unknown = typeof rp === 'object' && rp !== null ? Reflect.get(rp, 'id') : undefined;
  return typeof id === 'string' ? id : location.hostname;
};

export const biometric: BiometricBrowser = {
  async create(options) {
    try {
      const credential = await navigator.credentials.create({ publicKey: creationOptions(JSON.stringify(options)) });
      return credential === null
        ? undefined
        : { registration: answerOf(credential), id: credential.id, rpId: rpIdOf(options) };
    } catch {
      return undefined;
    }
  },
  async assert({ challenge, id, rpId }) {
    const options = {
      challenge,
      rpId,
      allowCredentials: [{ type: 'public-key', id, transports: ['internal'] }],
      userVerification: 'required',
    };
    try {
      const credential = await navigator.credentials.get({ publicKey: requestOptions(JSON.stringify(options)) });
      return credential === null ? undefined : answerOf(credential);
    } catch {
      return undefined;
    }
  },
};
