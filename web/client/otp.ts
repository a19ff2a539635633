/**
 * Reads the code from the text message where the browser offers that (WebOTP, W3C WICG).
 * Puts the code into the field like typed input, so that `code.ts` submits it.
 */
const target = document.querySelector<HTMLInputElement>('input[data-digits]');

if (target?.form && 'OTPCredential' in globalThis) {
  const aborter = new AbortController();
  const abort = (): void => aborter.abort();
  target.form.addEventListener('submit', abort);
  addEventListener('pagehide', abort);
  const options: CredentialRequestOptions & { readonly otp: unknown } = {
    otp: { transport: ['sms'] },
    signal: aborter.signal,
  };
  const fill = async (): Promise<void> => {
    try {
      const credential = await navigator.credentials.get(options);
      if (!credential || !('code' in credential) || typeof credential.code !== 'string' || aborter.signal.aborted)
        return;
      target.value = credential.code;
      target.dispatchEvent(new Event('input', { bubbles: true }));
    } catch {
      // Declined, too late, or not supported on this device: the person can still type the code.
    }
  };
  void fill();
}
