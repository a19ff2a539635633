/** Reads the client address in an entry of `X-Forwarded-For`, or of a socket. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address, with a port only where that is unambiguous. Quotes are those of `Forwarded`, which some proxies also write here. */
const entryForm = /^"?(?:\[(?<v6>[^\]"]*)\](?::\d{1,5})?|(?<v4>[\d.]+):\d{1,5}|(?<plain>[^"]*))"?$/;
/** Characters of an IPv6 address with zone, brackets, port and quotation marks. */
const maxEntryLength = 80;

/**
 * The address in an entry as proxies write it: `192.0.2.1`, `192.0.2.1:50000` (Azure), `[2001:db8::1]:50000`, in quotation
 * marks, with a zone (`%eth0`), or as IPv6 form of an IPv4 address (RFC 4291 §2.5.5.2). undefined for `unknown` and other text.
 */
export const addressIn = (entry: string): string | undefined => {
  const text = entry.trim();
  const { v6, v4, plain } = (text.length > maxEntryLength ? undefined : entryForm.exec(text)?.groups) ?? {};
  const [address = ''] = (v6 ?? v4 ?? plain ?? '').split('%', 1);
  // isIP first: ipaddr.js also accepts `1.2.3` and octal or hexadecimal parts.
  return isIP(address) === 0 ? undefined : ipaddr.process(address).toString();
};
