/** Gives a world the RP ID of the issuer of the records. A world takes that of its own loopback address. */
import type { Resources } from '../../../server/services.ts';
import type { Settings } from '../../../src/config.ts';
import { factorsFor } from '../../../src/mfa/factors/index.ts';
import { issuer } from './kept.ts';

export const settingsAt = (settings: Settings): Settings => ({
  ...settings,
  passkeys: { ...settings.passkeys, rpId: new URL(issuer).hostname },
});

/** For `startWorld`. */
export const atIssuer = (resources: Resources): Resources => {
  const settings = settingsAt(resources.settings);
  return {
    ...resources,
    settings,
    factors: factorsFor(settings).filter(({ type }) => settings.factors.includes(type)),
  };
};
