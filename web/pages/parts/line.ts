/** The masked number alone, for a page that names the extension beside it: `+49 ••• 00 x421` → `+49 ••• 00`. */
export const lineOf = (masked: string, extension: string | undefined): string =>
  extension !== undefined && masked.endsWith(` x${extension}`) ? masked.slice(0, -extension.length - 2) : masked;
