/** Registers the service worker of the authenticator. */

const address = '/authenticator/sw.js';

interface AddressPolicy {
  createScriptURL(address: string): string;
}
/** `trustedTypes` of the browser, which TypeScript does not know. Older versions of Firefox and Safari lack it. */
interface AddressPolicies {
  createPolicy(name: string, rules: AddressPolicy): AddressPolicy;
}

declare global {
  interface Window {
    readonly trustedTypes?: AddressPolicies;
  }
}

/** The address, as Trusted Types wants it. The page's policy allows this one name. */
const trusted = (): string => {
  const policy = window.trustedTypes?.createPolicy('authenticator', { createScriptURL: () => address });
  return policy?.createScriptURL(address) ?? address;
};

/**
 * Gives the active registration; undefined where the browser refuses one, as in some private windows. The browser looks for a new
 * version at each start.
 */
export const registerWorker = async (): Promise<ServiceWorkerRegistration | undefined> => {
  try {
    await navigator.serviceWorker.register(trusted());
    return await navigator.serviceWorker.ready;
  } catch {
    return undefined;
  }
};
