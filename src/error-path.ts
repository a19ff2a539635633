/** Names the address of the page that explains an error code. */

/** Below it is a page for each code. */
export const errorsPath = '/errors';

/** `/errors/IDP-1007`. */
export const errorPath = (code: string): string => `${errorsPath}/${code}`;
