/** Settings of the keys that sign tokens and cookies. */
import { duration } from '../setting.ts';

export const signingKeys = {
  keyRotation: duration(
    'SALLYPORT_KEY_ROTATION',
    '90d',
    '0s',
    '730d',
    'Age at which the keys that sign tokens and cookies are replaced. The new one is published `SALLYPORT_JWKS_CACHE` earlier. Running servers do it by themselves. 0s: only `npm run cli -- keys rotate` does.',
  ),
  jwksCache: duration(
    'SALLYPORT_JWKS_CACHE',
    '24h',
    '1m',
    '30d',
    'How long relying parties may keep the JWKS before they fetch it again. A new key is published that long before it signs, and a replaced one stays that long after its last token has expired.',
  ),
};
