/** Control and format characters out: a display name is everybody's to choose, and a terminal obeys what it is shown. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
