/** Verifies the part of the client data that the library leaves to its caller. */

/**
 * True where the page was not in a frame of another site (`crossOrigin`, `topOrigin`): there the person does not see who asks, and our
 * pages are never shown (WebAuthn §7.1 step 10, §7.2 step 14). False for client data that is no JSON object.
 */
export const isTopLevel = (clientDataJSON: string): boolean => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(clientDataJSON, 'base64url'));
    const data: unknown = JSON.parse(text);
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
    const crossOrigin: unknown = Reflect.get(data, 'crossOrigin');
    return (crossOrigin === undefined || crossOrigin === false) && !Reflect.has(data, 'topOrigin');
  } catch {
    return false;
  }
};
