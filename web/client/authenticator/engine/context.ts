/** Defines what the parts of the engine share: the browser, the server, what is kept, and the state that the views show. */
import type { SubscriptionJson } from '../../../../src/mfa/push/protocol.ts';
import type { Millis } from '../../../../src/ports/time.ts';
import type { Screen } from '../state.ts';
import type { Accounts } from './accounts.ts';
import type { Api, ServerClock } from './api.ts';
import type { Model } from './model.ts';
import type { Store } from './records.ts';

/** Runs a function once, after a while. The function it gives cancels that. */
export type Timer = (run: () => void, after: Millis) => () => void;

/** Web Push of this browser. */
export interface PushBrowser {
  /** default: the person was not asked. */
  permission(): 'default' | 'denied' | 'granted' | 'unsupported';
  /** Asks the person. Browsers want a tap for it. */
  askPermission(): Promise<void>;
  /**
   * Gives the subscription for this key of the server; makes one where it is missing or for another key, and a new one
   * with `renew`. undefined: the push service of the browser refused.
   */
  subscription(vapidKey: string, options: { readonly renew: boolean }): Promise<SubscriptionJson | undefined>;
  /** Finds the notifications that are shown now. The function it gives closes them. */
  shown(): Promise<() => void>;
}

/** WebAuthn of this browser. undefined: the person was not verified. */
export interface BiometricBrowser {
  /** Makes a credential from PublicKeyCredentialCreationOptionsJSON. `registration`: its JSON text. */
  create(
    options: object,
  ): Promise<{ readonly registration: string; readonly id: string; readonly rpId: string } | undefined>;
  /** JSON text of an assertion over `challenge` (base64url). */
  assert(wish: { readonly challenge: string; readonly id: string; readonly rpId: string }): Promise<string | undefined>;
}

/** The screens as entries of the browser's history. */
export interface Navigation {
  /** replace: Back does not return to the present screen. */
  go(screen: Screen, options?: { readonly replace: boolean }): void;
  back(): void;
}

/** What the engine needs from outside. */
export interface EngineDeps {
  readonly store: Store;
  readonly api: Api;
  readonly clock: ServerClock;
  /** Of this deployment. */
  readonly origin: string;
  readonly timer: Timer;
  readonly push: PushBrowser;
  readonly biometric: BiometricBrowser;
  readonly navigation: Navigation;
  /** Puts a text into the clipboard. False: the browser refused. */
  readonly copy: (text: string) => Promise<boolean>;
  /** Asks the browser not to delete what is kept when space runs short. */
  readonly persist: () => Promise<void>;
  /** Tells what must not happen: this device cannot keep or sign something. */
  readonly onFailure: (error: unknown) => void;
  /** Shows the browser's question whether to install the app. */
  readonly install: () => Promise<void>;
}

export interface Context {
  readonly deps: EngineDeps;
  readonly model: Model;
  readonly accounts: Accounts;
}
