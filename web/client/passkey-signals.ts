/**
 * Tells the password manager of this browser which passkeys still work here, so that it offers no other one (WebAuthn
 * §5.1.10). Browsers without these functions, and failures, change nothing.
 */
interface Signals {
  /** An answer named it, and no account has it. */
  readonly unknown?: UnknownCredentialOptions;
  /** All passkeys of the person. Password managers hide or remove the person's others. */
  readonly accepted?: AllAcceptedCredentialsOptions;
  /** The names that password managers show. */
  readonly details?: CurrentUserDetailsOptions;
}

const read = (text: string): Signals => {
  const signals: unknown = JSON.parse(text);
  return typeof signals === 'object' && signals !== null ? signals : {};
};

/** One after the other: browsers may refuse a second signal while the first one is under way. */
const send = async ({ unknown, accepted, details }: Signals): Promise<void> => {
  const browser: Partial<typeof PublicKeyCredential> = PublicKeyCredential;
  if (unknown) await browser.signalUnknownCredential?.(unknown);
  if (accepted) await browser.signalAllAcceptedCredentials?.(accepted);
  if (details) await browser.signalCurrentUserDetails?.(details);
};

const { passkeySignals } = document.querySelector<HTMLElement>('[data-passkey-signals]')?.dataset ?? {};
if (passkeySignals !== undefined && 'PublicKeyCredential' in globalThis)
  send(read(passkeySignals)).catch(() => undefined);
