/**
 * Shares what the scripts of passkeys need (Web Authentication Level 3): options and answers as JSON, one request at a time, and
 * what the person is told where it fails. Converts by hand, because not every browser with passkeys has `toJSON`.
 */

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), each => each.charCodeAt(0));

const base64urlOf = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** The JSON of a structure: base64url in the place of bytes. */
type DescriptorJson = Omit<PublicKeyCredentialDescriptor, 'id'> & { readonly id: string };
type RequestJson = Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'> & {
  readonly challenge: string;
  readonly allowCredentials?: readonly DescriptorJson[];
};
type CreationJson = Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> & {
  readonly challenge: string;
  readonly user: Omit<PublicKeyCredentialUserEntity, 'id'> & { readonly id: string };
  readonly excludeCredentials?: readonly DescriptorJson[];
};

// The server made the options, so one member tells them from something else.
const isRequest = (value: unknown): value is RequestJson =>
  typeof value === 'object' && value !== null && 'challenge' in value;
const isCreation = (value: unknown): value is CreationJson => isRequest(value) && 'user' in value;

const descriptorsOf = (json: readonly DescriptorJson[] = []): PublicKeyCredentialDescriptor[] =>
  json.map(each => ({ ...each, id: bytesOf(each.id) }));

/** Options to use a passkey, from their JSON text (WebAuthn §5.1.9). @throws TypeError for another text. */
export const requestOptions = (text: string): PublicKeyCredentialRequestOptions => {
  const json: unknown = JSON.parse(text);
  if (!isRequest(json)) throw new TypeError('expected the options of a passkey');
  return { ...json, challenge: bytesOf(json.challenge), allowCredentials: descriptorsOf(json.allowCredentials) };
};

/** Options to create a passkey, from their JSON text (WebAuthn §5.1.8). @throws TypeError for another text. */
export const creationOptions = (text: string): PublicKeyCredentialCreationOptions => {
  const json: unknown = JSON.parse(text);
  if (!isCreation(json)) throw new TypeError('expected the options of a new passkey');
  return {
    ...json,
    challenge: bytesOf(json.challenge),
    user: { ...json.user, id: bytesOf(json.user.id) },
    excludeCredentials: descriptorsOf(json.excludeCredentials),
  };
};

// By their members: what an extension of the browser makes is not always of the browser's own class.
const isPasskey = (credential: Credential): credential is PublicKeyCredential => 'rawId' in credential;
const isNew = (response: AuthenticatorResponse): response is AuthenticatorAttestationResponse =>
  'attestationObject' in response;
const isAssertion = (response: AuthenticatorResponse): response is AuthenticatorAssertionResponse =>
  'signature' in response;

/** The members of a response beside the client data. */
const responseOf = (response: AuthenticatorResponse): Readonly<Record<string, unknown>> => {
  if (isNew(response))
    return { attestationObject: base64urlOf(response.attestationObject), transports: response.getTransports?.() ?? [] };
  if (!isAssertion(response)) throw new TypeError('expected the answer of a passkey');
  return {
    authenticatorData: base64urlOf(response.authenticatorData),
    signature: base64urlOf(response.signature),
    ...(response.userHandle && { userHandle: base64urlOf(response.userHandle) }),
  };
};

/**
 * The JSON text of an answer (WebAuthn §5.1, `toJSON`). The results of extensions are left out, because the server ignores them.
 * @throws TypeError for a credential of another type.
 */
export const answerOf = (credential: Credential): string => {
  if (!isPasskey(credential)) throw new TypeError('expected a passkey');
  const { id, type, rawId, response, authenticatorAttachment } = credential;
  return JSON.stringify({
    id,
    rawId: base64urlOf(rawId),
    type,
    ...(authenticatorAttachment && { authenticatorAttachment }),
    response: { clientDataJSON: base64urlOf(response.clientDataJSON), ...responseOf(response) },
    clientExtensionResults: {},
  });
};

const reasons: Readonly<Record<string, string>> = {
  NotAllowedError: 'cancelled',
  InvalidStateError: 'known',
  SecurityError: 'insecure',
};

/** The name of the sentence about an error; undefined for one that the page itself caused. */
export const reasonOf = (error: unknown): string | undefined => {
  const name = error instanceof Error ? error.name : '';
  return name === 'AbortError' ? undefined : (reasons[name] ?? 'failed');
};

/** Asks the browser. `signal` ends the question. */
type Ask = (signal: AbortSignal) => Promise<Credential | null>;

export interface PasskeyForm {
  readonly element: HTMLFormElement;
  /** Ends the request under way, asks, and submits the answer. Gives false without one. `isQuiet`: tells no failure. */
  readonly run: (ask: Ask, isQuiet?: boolean) => Promise<boolean>;
  /** Sets what a press of the button does. */
  readonly onPress: (press: () => Promise<unknown>) => void;
  /** True while the server would refuse an answer, because of a wait. */
  readonly isHeld: () => boolean;
}

/** Shows the form of this page. Without passkeys in this browser, shows a sentence that says so, and gives undefined. */
export const passkeyForm = (): PasskeyForm | undefined => {
  const element = document.querySelector<HTMLFormElement>('form[data-passkey]');
  const credential = element?.querySelector<HTMLInputElement>('input[name=credential]');
  const problem = element?.querySelector<HTMLElement>('[role=alert][data-failed]');
  const button = element?.querySelector('button');
  if (!element || !credential || !problem || !button) return undefined;
  if (!('PublicKeyCredential' in globalThis)) {
    document.querySelector('[data-unsupported]')?.removeAttribute('hidden');
    return undefined;
  }
  element.hidden = false;
  // Browsers restore the fields of a page that is loaded again.
  credential.value = '';
  if (!problem.hidden) button.focus();

  const tell = (reason?: string): void => {
    const sentence = reason === undefined ? undefined : problem.dataset[reason];
    problem.querySelector('span')?.replaceChildren(sentence ?? '');
    problem.hidden = sentence === undefined;
  };

  let aborter = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const attempt = async (ask: Ask, isQuiet: boolean, signal: AbortSignal): Promise<boolean> => {
    if (signal.aborted) return false;
    if (!isQuiet) tell();
    try {
      const given = await ask(signal);
      if (given === null) return false;
      credential.value = answerOf(given);
      element.requestSubmit();
      return true;
    } catch (error) {
      if (!isQuiet) tell(reasonOf(error));
      return false;
    }
  };
  // Browsers refuse a second request until the first one has ended.
  const run = (ask: Ask, isQuiet = false): Promise<boolean> => {
    aborter.abort();
    aborter = new AbortController();
    const { signal } = aborter;
    const next = last.then(() => attempt(ask, isQuiet, signal));
    last = next;
    return next;
  };
  const isHeld = (): boolean => button.hasAttribute('aria-disabled');

  const onPress = (press: () => Promise<unknown>): void =>
    element.addEventListener('submit', event => {
      if (credential.value !== '') return;
      event.preventDefault();
      if (!isHeld()) void press();
    });
  // A page that Back restores may ask for an answer that was given already.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
  return { element, run, onPress, isHeld };
};
