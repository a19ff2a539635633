/** Words a browser with its system in French. */
import type { browserName as master } from '../en/browsers.ts';

export const browserName: typeof master = (browser, system) =>
  browser !== undefined && system !== undefined
    ? `${browser} sur ${system}`
    : (browser ?? system ?? 'Navigateur inconnu');
