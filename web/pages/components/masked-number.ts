/** Splits a masked phone number into the number and its extension: `+49 ••• 00 x421`. */

/** The number without `extension`, for a page that shows the extension elsewhere: `+49 ••• 00`. */
export const withoutExtension = (masked: string, extension: string | undefined): string =>
  extension !== undefined && masked.endsWith(` x${extension}`) ? masked.slice(0, -extension.length - 2) : masked;

/** Both: `+49 ••• 00` and `421`. */
export const splitNumber = (masked: string): { readonly number: string; readonly extension?: string } => {
  const extension = / x([0-9]+)$/u.exec(masked)?.[1];
  return { number: withoutExtension(masked, extension), ...(extension !== undefined && { extension }) };
};
