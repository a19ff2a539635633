/**
 * Signs in by a passkey alone: offers the passkeys of this device in the field of the name, and asks by the button. Gets a newer
 * challenge before the old one expires. After the button the typed name goes with the answer, so that a passkey of another account is
 * noticed. In the list of names a person may choose after the first letters, which are no name.
 */
import { passkeyForm, requestOptions } from './passkey.ts';

/** How often the passkeys are offered again after the browser ended an offer. */
const maxOffers = 5;

const isRenewal = (given: unknown): given is { readonly options: object; readonly ticket: string } =>
  typeof given === 'object' && given !== null && 'options' in given && 'ticket' in given;

const form = passkeyForm();
if (form) {
  const { element, run, onPress, isHeld } = form;
  const { renewal = '' } = element.dataset;
  const fieldOf = (name: string): HTMLInputElement | null => element.querySelector(`input[name=${name}]`);
  let { passkey: options = '' } = element.dataset;
  let renewedAt = Date.now();
  let isAsking = false;
  let offers = 0;

  /** Milliseconds after which a newer challenge is needed. */
  const lifetime = (): number => (requestOptions(options).timeout ?? 300_000) * 0.8;

  /** Gets a newer challenge. False: the sign-in has expired, or the network failed. */
  const renew = async (): Promise<boolean> => {
    try {
      const response = await fetch(renewal, { headers: { accept: 'application/json' } });
      if (!response.ok) return false;
      const given: unknown = await response.json();
      if (!isRenewal(given)) return false;
      const ticket = fieldOf('ticket');
      if (ticket) ticket.value = given.ticket;
      options = JSON.stringify(given.options);
      renewedAt = Date.now();
      return true;
    } catch {
      return false;
    }
  };

  const get =
    (mediation: CredentialMediationRequirement) =>
    (signal: AbortSignal): Promise<Credential | null> =>
      navigator.credentials.get({ publicKey: requestOptions(options), mediation, signal });

  /** Offers passkeys in the list of names, where the browser can. It ends when another request begins. */
  const offer = async (): Promise<void> => {
    if (offers >= maxOffers || isHeld() || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    offers += 1;
    await run(get('conditional'), true);
  };

  const keepFresh = async (): Promise<void> => {
    if (!isAsking && (await renew())) void offer();
    setTimeout(() => void keepFresh(), lifetime());
  };

  const ask = async (): Promise<void> => {
    isAsking = true;
    if (Date.now() - renewedAt > lifetime()) await renew();
    const answered = await run(get('optional'));
    isAsking = false;
    if (!answered) void offer();
  };

  onPress(ask);
  element.addEventListener('submit', () => {
    const [typed, sent] = [document.querySelector<HTMLInputElement>('#name'), fieldOf('name')];
    if (typed && sent) sent.value = isAsking ? typed.value : '';
  });
  document.addEventListener('wait-over', () => void offer());
  void offer();
  setTimeout(() => void keepFresh(), lifetime());
}
