/**
 * Takes the code out of the text message where the browser offers that (WebOTP), and puts it into the field as if it were typed:
 * from there on everything is as always.
 */
const target = document.querySelector<HTMLInputElement>('input[data-digits]');

if (target?.form && 'OTPCredential' in globalThis) {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  target.form.addEventListener('submit', leave);
  addEventListener('pagehide', leave);
  const wanted: CredentialRequestOptions & { readonly otp: unknown } = {
    otp: { transport: ['sms'] },
    signal: leaving.signal,
  };
  const fill = async (): Promise<void> => {
    try {
      const found = await navigator.credentials.get(wanted);
      if (!found || !('code' in found) || typeof found.code !== 'string' || leaving.signal.aborted) return;
      target.value = found.code;
      target.dispatchEvent(new Event('input', { bubbles: true }));
    } catch {
      // Declined, too late, or not on this device: the field is there to type into.
    }
  };
  void fill();
}
