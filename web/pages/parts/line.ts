/** The masked number alone, for a page that names the extension beside it: `+49 ••• 00 x421` → `+49 ••• 00`. */
export const lineOf = (masked: string, extension: string | undefined): string =>
  extension !== undefined && masked.endsWith(` x${extension}`) ? masked.slice(0, -extension.length - 2) : masked;

/** Both of them: `+49 ••• 00 x421` is a number and the extension 421. */
export const partsOf = (masked: string): { readonly line: string; readonly extension?: string } => {
  const extension = / x([0-9]+)$/u.exec(masked)?.[1];
  return { line: lineOf(masked, extension), ...(extension !== undefined && { extension }) };
};
